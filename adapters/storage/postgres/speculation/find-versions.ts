// An invite wherever it is, with what an answer to it depends on, and the versions of these rows. Looks that come at once go together.
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

/** `heard` is told the time that the database said. */
export function createFindWithVersions(
  names: Names,
  run: Run<never>,
  heard: (now: Date) => void,
): Speculation['findWithVersions'] {
  const ask = async (text: string, looks: readonly Lookup[]) => {
    const rows = await run(text, [JSON.stringify(looks)])
    return looks.map((look, index) => {
      const raw: RawVersions = JSON.parse(String(rows[index]?.['json']))
      assertVersion(raw.schema)
      heard(new Date(raw.now))
      return toSnapshot(look, raw)
    })
  }
  // Each is a few rows found by their keys. One that was asked on a connection that is gone is asked again.
  const gather = createBatcher(ask, { atOnce: 1, isAlike: error => isOutOfReach(error) && !isLost(causeOf(error)) })
  const text = findText(names)
  return (id, userId) => gather(text, { id, userId })
}

const causeOf = (error: unknown): unknown => (error instanceof Error ? (error.cause ?? error) : error)

/** One row after another by its key, whatever a planner believes: `limit` keeps the join from being another. */
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

/** The version of a row, and the row. */
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
