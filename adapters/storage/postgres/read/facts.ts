// The answer to a question: facts from one JSON text.
import type { Facts, Tally } from '../../../../src/core.ts'
import { decode } from '../../sql/codec.ts'
import type { RawRow } from '../../sql/dialect.ts'
import { toInvite } from '../../sql/invite-row.ts'
import { assertVersion, type Version } from '../../sql/migrations.ts'
import { toKept, toMemberFact, toUse } from '../../sql/rows.ts'
import { postgres } from '../dialect.ts'

/** Times are ISO 8601 texts. */
interface RawTally {
  readonly key: string
  readonly count: number
  readonly oldest: string
}

type Listed = 'uses' | 'members' | 'kept'

/** What was not asked is absent. */
interface RawFacts extends Partial<Readonly<Record<Listed | 'invites', readonly RawRow[]>>> {
  readonly schema: Version
  readonly revision: number
  readonly now: string
  readonly pending?: number
  readonly seats?: number
  readonly templates?: readonly string[]
  readonly made?: readonly RawTally[]
  readonly sends?: readonly RawTally[]
}

/** Throws `not_migrated`. */
export function toFacts(json: unknown): Facts {
  const raw: RawFacts = JSON.parse(String(json))
  assertVersion(raw.schema)
  return {
    revision: raw.revision,
    now: new Date(raw.now),
    pending: raw.pending ?? 0,
    seats: raw.seats ?? 0,
    invites: (raw.invites ?? []).map(toInvite),
    uses: (raw.uses ?? []).map(row => toUse(decode(postgres, 'uses', row))),
    members: (raw.members ?? []).map(row => toMemberFact(decode(postgres, 'members', row))),
    kept: (raw.kept ?? []).map(row => toKept(decode(postgres, 'kept', row))),
    templates: raw.templates ?? [],
    made: tallies(raw.made),
    sends: tallies(raw.sends),
  }
}

const tallies = (raw: readonly RawTally[] = []): ReadonlyMap<string, Tally> =>
  new Map(raw.map(({ key, count, oldest }) => [key, { count, oldest: new Date(oldest) }]))
