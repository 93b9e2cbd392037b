// Random races, many of them.
import { randomTests } from './random.ts'

randomTests({ runs: 200 })
