// What each entry may weigh and load. All numbers in one place, 10 to 15 % above what was measured when they were set.

export interface Budget {
  /** Bytes of the entry with all that it shares, minified and gzipped, without other packages. */
  readonly bytes: number
  /** Packages that are loaded with it. */
  readonly loads: readonly string[]
  /** Packages that are loaded when they are needed, if at all. */
  readonly later: readonly string[]
}

const core = ['mitt', 'nanoid', 'uuidv7']

/** By the file in `dist`. */
export const budgets: { readonly [entry: string]: Budget } = {
  index: { bytes: 57_000, loads: core, later: ['libphonenumber-js', 'liquidjs'] },
  memory: { bytes: 6_100, loads: [], later: [] },
  sqlite: { bytes: 18_500, loads: ['kysely', 'nanoid'], later: ['better-sqlite3'] },
  postgres: { bytes: 30_000, loads: ['kysely', 'nanoid'], later: ['pg'] },
  smtp: { bytes: 3_100, loads: [], later: ['nodemailer'] },
  twilio: { bytes: 4_300, loads: [], later: [] },
  webhook: { bytes: 4_700, loads: [], later: [] },
  http: { bytes: 33_500, loads: ['nanoid', 'zod'], later: [] },
  express: { bytes: 32_500, loads: ['nanoid', 'zod'], later: [] },
  koa: { bytes: 32_500, loads: ['nanoid', 'zod'], later: [] },
  hono: { bytes: 31_500, loads: ['hono', 'nanoid', 'zod'], later: [] },
  client: { bytes: 4_000, loads: [], later: [] },
  testing: { bytes: 63_000, loads: core, later: ['libphonenumber-js', 'liquidjs'] },
}
