// The answer to a question: facts from one JSON text.
import type { Facts, InviteId, Known, Tally } from '../../../src/index.ts'
import { decode } from '../sql/codec.ts'
import { postgres, type RawRow } from '../sql/dialect.ts'
import { toInvite } from '../sql/inviterow.ts'
import { toKept, toMemberFact, toUse } from '../sql/rows.ts'
import { assertVersion, type Version } from '../sql/version.ts'

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
    ...rowsIn(raw),
    kept: (raw.kept ?? []).map(row => toKept(decode(postgres, 'kept', row))),
    templates: raw.templates ?? [],
    made: tallies(raw.made),
    sends: tallies(raw.sends),
  }
}

interface RawKnown extends Pick<RawFacts, 'schema' | 'invites' | 'uses' | 'members' | 'now'> {
  readonly organization: string | null
  readonly versions: readonly string[]
}

/** Null when there is no such invite; with the time at which that was so. Throws `not_migrated`. */
export function toKnown(json: unknown, id: InviteId): { readonly known: Known | null; readonly now: Date } {
  const raw: RawKnown = JSON.parse(String(json))
  assertVersion(raw.schema)
  const { organization, versions, now } = raw
  const known = organization === null ? null : { id, organizationId: organization, facts: rowsIn(raw), versions }
  return { known, now: new Date(now) }
}

const rowsIn = ({ invites = [], uses = [], members = [] }: Pick<RawFacts, 'invites' | 'uses' | 'members'>) => ({
  invites: invites.map(toInvite),
  uses: uses.map(row => toUse(decode(postgres, 'uses', row))),
  members: members.map(row => toMemberFact(decode(postgres, 'members', row))),
})

const tallies = (raw: readonly RawTally[] = []): ReadonlyMap<string, Tally> =>
  new Map(raw.map(({ key, count, oldest }) => [key, { count, oldest: new Date(oldest) }]))
