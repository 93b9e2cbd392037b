// A sample of the races: `npm run test:long` runs each of them 20 times.
import { raceTests } from './suite.ts'

raceTests({ repeats: 3 })
