// Finds an invite by id with its inviter, a user and that user's use, and the versions (`xmin`) of these rows. Concurrent lookups
// share one statement.
import type { InviteId, InviteSnapshot, RowVersion, Speculation } from '../../../../src/core.ts'
import type { RawRow, Run } from '../../sql/dialect.ts'
import { toInvite } from '../../sql/invite-row.ts'
import { assertVersion, type Version } from '../../sql/migrations.ts'
import { memberFacts, uses } from '../../sql/rows.ts'
import type { Names } from '../../sql/tables.ts'
import { createBatcher, isOutOfReach } from '../batcher.ts'
import { postgres } from '../dialect.ts'
import { isLost } from '../errors.ts'
import { schemaText } from '../read/conditions.ts'

interface Lookup {
  readonly id: InviteId
  readonly userId: string | null
}

/** `onTime` is called with the database's time. */
export function createFindWithVersions(
  names: Names,
  run: Run<never>,
  onTime: (now: Date) => void,
): Speculation['findWithVersions'] {
  const ask = async (text: string, lookups: readonly Lookup[]) => {
    const rows = await run(text, [JSON.stringify(lookups)])
    return lookups.map((lookup, index) => {
      const raw: RawVersions = JSON.parse(String(rows[index]?.['json']))
      assertVersion(raw.schema)
      onTime(new Date(raw.now))
      return toSnapshot(lookup, raw)
    })
  }
  // Each lookup reads a few rows by key. When the connection is lost, each is tried again by itself.
  const batch = createBatcher(ask, { atOnce: 1, isAlike: error => isOutOfReach(error) && !isLost(causeOf(error)) })
  const text = findText(names)
  return (id, userId) => batch(text, { id, userId })
}

const causeOf = (error: unknown): unknown => (error instanceof Error ? (error.cause ?? error) : error)

/** `limit 1` in the lateral join makes the planner find each row by its key, whatever its statistics say. */
function findText(names: Names): string {
  const member = (user: string) =>
    `(select json_build_array(cast(m.xmin as text), m) from ${names.members} m where m.organization_id = i.organization_id and m.user_id = ${user})`
  const use = `(select json_build_array(cast(u.xmin as text), u) from ${names.uses} u where u.invite_id = i.id and u.user_id = q."userId")`
  const answer = postgres.object([
    ['schema', schemaText(names)],
    ['now', postgres.now('null')],
    ['invite', 'case when i.id is null then null else json_build_array(cast(i.version as text), to_json(i)) end'],
    ['inviter', member('i.inviter_id')],
    ['user', member('q."userId"')],
    ['use', use],
  ])
  return `with q as materialized (
  select * from rows from (jsonb_to_recordset(cast($1 as jsonb)) as (id uuid, "userId" text)) with ordinality as x(id, "userId", n)
) select cast(${answer} as text) as json
from q left join lateral (select i.*, i.xmin as version from ${names.invites} i where i.id = q.id limit 1) i on true order by q.n`
}

/** A row's version, and the row. */
type Versioned = readonly [version: string, row: RawRow] | null

interface RawVersions {
  readonly schema: Version
  readonly now: string
  readonly invite: Versioned
  readonly inviter: Versioned
  readonly user: Versioned
  readonly use: Versioned
}

function toSnapshot({ id, userId }: Lookup, { invite: raw, inviter, user, use }: RawVersions): InviteSnapshot | null {
  if (raw === null) return null
  const invite = toInvite(raw[1])
  const isOwn = userId === invite.inviterId
  const people = [inviter, isOwn ? null : user].flatMap(each => (each === null ? [] : [each[1]]))
  const versions: RowVersion[] = [{ of: 'invite', id, version: raw[0] }]
  if (invite.inviterId !== null) versions.push({ of: 'member', userId: invite.inviterId, version: inviter?.[0] ?? null })
  if (userId !== null && !isOwn) versions.push({ of: 'member', userId, version: user?.[0] ?? null })
  if (userId !== null) versions.push({ of: 'use', id, userId, version: use?.[0] ?? null })
  return {
    invite,
    uses: use === null ? [] : [uses.fromRow(postgres, use[1])],
    members: people.map(row => memberFacts.fromRow(postgres, row)),
    versions,
  }
}
