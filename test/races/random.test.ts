// A sample of random races: `npm run test:long` runs more.
import { randomTests } from './random.ts'

randomTests({ runs: 25 })
