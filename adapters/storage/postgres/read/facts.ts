// Parses the answer to a facts query, one JSON text.
import type { DailyCount, Facts } from '../../../../src/core.ts'
import type { RawRow } from '../../sql/dialect.ts'
import { toInvite } from '../../sql/invite-row.ts'
import { assertVersion, type Version } from '../../sql/migrations.ts'
import { idempotency, memberFacts, uses } from '../../sql/rows.ts'
import { postgres } from '../dialect.ts'

/** Times are ISO 8601 texts. */
interface RawDailyCount {
  readonly key: string
  readonly count: number
  readonly oldest: string
}

type Listed = 'uses' | 'members' | 'idempotency'

/** Parts that the query did not ask for are absent. */
interface RawFacts extends Partial<Readonly<Record<Listed | 'invites', readonly RawRow[]>>> {
  readonly schema: Version
  readonly revision: number
  readonly now: string
  readonly pending?: number
  readonly seats?: number
  readonly templates?: readonly string[]
  readonly createdToday?: readonly RawDailyCount[]
  readonly sentToday?: readonly RawDailyCount[]
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
    invites: (raw.invites ?? []).map(row => toInvite(row)),
    uses: (raw.uses ?? []).map(row => uses.fromRow(postgres, row)),
    members: (raw.members ?? []).map(row => memberFacts.fromRow(postgres, row)),
    idempotency: (raw.idempotency ?? []).map(row => idempotency.fromRow(postgres, row)),
    templates: raw.templates ?? [],
    createdToday: dailyCounts(raw.createdToday),
    sentToday: dailyCounts(raw.sentToday),
  }
}

const dailyCounts = (raw: readonly RawDailyCount[] = []): ReadonlyMap<string, DailyCount> =>
  new Map(raw.map(({ key, count, oldest }) => [key, { count, oldest: new Date(oldest) }]))
