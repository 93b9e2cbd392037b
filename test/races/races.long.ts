// Every race 20 times on both databases.
import { raceTests } from './suite.ts'

raceTests({ repeats: 20 })
