// All that a commit writes, in one synchronous tick: claimed at its revision, then row by row.
import type { Database } from 'better-sqlite3'
import type { Changes, Committed, Lease, MessageRow } from '../../../src/index.ts'
import { fromEvent, fromInvite, fromKept, fromMember, fromMessage, fromUse } from '../sql/rows.ts'
import type { Names } from '../sql/tables.ts'
import { run } from './statements.ts'
import { insert, update, upsert } from './write.ts'

/** Inside a unit: what throws leaves nothing behind. */
export function writeChanges(db: Database, names: Names, changes: Changes): Committed {
  const { organizationId, revision } = changes
  if (!claim(db, names, organizationId, revision)) return 'conflict'
  erase(db, names, changes)
  for (const invite of changes.ended) update(db, names, fromInvite(invite))
  for (const invite of changes.live) upsert(db, names, 'invites', fromInvite(invite))
  for (const use of changes.uses) insert(db, names, 'uses', fromUse(use))
  for (const member of changes.members) upsert(db, names, 'members', fromMember(organizationId, member))
  for (const kept of changes.kept) upsert(db, names, 'kept', fromKept(organizationId, kept))
  for (const event of changes.events) insert(db, names, 'events', fromEvent(event))
  for (const message of changes.messages) insertMessage(db, names, message, changes.lease)
  return 'committed'
}

/** No row yet: only a decision on revision 0 may insert it. */
const claim = (db: Database, { scopes }: Names, organizationId: string, revision: number): boolean =>
  run(
    db,
    `insert into ${scopes} (organization_id, revision)
     select $1, 1 where $2 = 0 or exists (select 1 from ${scopes} where organization_id = $1)
     on conflict (organization_id) do update set revision = revision + 1 where revision = $2`,
    [organizationId, revision],
  ) === 1

export const bump = (db: Database, { scopes }: Names, organizationId: string): number =>
  run(db, `insert into ${scopes} (organization_id, revision) values ($1, 1) on conflict (organization_id) do update set revision = revision + 1`, [
    organizationId,
  ])

export function insertMessage(db: Database, names: Names, message: MessageRow, lease: Lease | null): void {
  insert(db, names, 'outbox', {
    ...fromMessage(message),
    lease_owner: lease?.owner ?? null,
    leased_until: lease && new Date(Date.now() + lease.ms),
  })
}

/** What was stored before this commit. */
function erase(db: Database, { events, outbox, kept }: Names, { organizationId, erased }: Changes): void {
  for (const id of erased) {
    run(db, `update ${events} set data = '{}' where invite_id = $1 and organization_id = $2`, [id, organizationId])
    run(db, `delete from ${outbox} where invite_id = $1 and organization_id = $2 and status = 'queued'`, [id, organizationId])
    run(db, `delete from ${kept} where instr(answer, $1) > 0 and organization_id = $2`, [id, organizationId])
  }
}
