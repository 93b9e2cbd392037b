// The answer to a question: facts from one JSON text, if the tables are of a version that this code knows.
import type { Facts, Tally } from '../../../src/index.ts'
import { decode } from './codec.ts'
import type { Dialect, RawRow } from './dialect.ts'
import { migrateFirst, storageError } from './errors.ts'
import { toInvite } from './inviterow.ts'
import { latest } from './migrations.ts'
import { toKept, toMemberFact, toUse } from './rows.ts'
import type { Row } from './tables.ts'

interface RawTally {
  readonly key: string
  readonly count: number
  readonly oldest: number
}

type Listed = 'invites' | 'uses' | 'members' | 'kept'

/** What was not asked is absent. */
interface RawFacts extends Partial<Readonly<Record<Listed, readonly RawRow[]>>> {
  readonly schema: { readonly version: number | null; readonly reader: number | null }
  readonly revision: number
  readonly now: number
  readonly pending?: number
  readonly seats?: number
  readonly templates?: readonly { readonly id: string }[]
  readonly made?: readonly RawTally[]
  readonly sends?: readonly RawTally[]
}

/** Throws `not_migrated` when the tables are older than this code, or too new for it. */
export function toFacts(dialect: Dialect, json: unknown): Facts {
  const raw: RawFacts = JSON.parse(String(json))
  assertVersion(raw.schema)
  const rows = <T extends Listed>(table: T): Row<T>[] => (raw[table] ?? []).map(row => decode(dialect, table, row))
  return {
    revision: raw.revision,
    now: new Date(raw.now),
    pending: raw.pending ?? 0,
    seats: raw.seats ?? 0,
    invites: rows('invites').map(toInvite),
    uses: rows('uses').map(toUse),
    members: rows('members').map(toMemberFact),
    kept: rows('kept').map(toKept),
    templates: (raw.templates ?? []).map(({ id }) => id),
    made: tallies(raw.made),
    sends: tallies(raw.sends),
  }
}

const tallies = (raw: readonly RawTally[] = []): ReadonlyMap<string, Tally> =>
  new Map(raw.map(({ key, count, oldest }) => [key, { count, oldest: new Date(oldest) }]))

function assertVersion({ version, reader }: RawFacts['schema']): void {
  if (version === null || version < latest) {
    throw storageError('not_migrated', `the tables are at version ${version ?? 0} of ${latest}: ${migrateFirst}`)
  }
  if (reader !== null && reader > latest) {
    throw storageError('not_migrated', `the tables need version ${reader} of the code and this is ${latest}: update invitekit`)
  }
}
