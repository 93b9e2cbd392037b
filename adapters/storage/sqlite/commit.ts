// A commit: claims its revision, then writes row by row, all in one synchronous transaction.
import type { Database } from 'better-sqlite3'
import type { Changes, Committed, Lease, MessageRow } from '../../../src/core.ts'
import { newMessage } from '../sql/rows.ts'
import { type Names, writtenColumns } from '../sql/tables.ts'
import { run } from './statements.ts'
import { execute, insert, update, upsert, type Write } from './write.ts'

/** Encodes the rows, and returns the work of the transaction. When that throws, nothing is written. */
export function prepareCommit(names: Names, changes: Changes): (db: Database) => Committed {
  const { organizationId, revision, expireBefore } = changes
  const erased = [...changes.erased]
  const updates = [...changes.ended, ...changes.changed].map(invite => update(names, invite))
  const inserts = [
    ...changes.made.map(invite => insert(names, 'invites', invite)),
    ...changes.uses.map(use => insert(names, 'uses', use)),
    ...changes.members.map(member => upsert(names, 'members', { organizationId, ...member })),
    ...changes.idempotency.map(answer => upsert(names, 'kept', { organizationId, ...answer })),
    ...changes.events.map(event => insert(names, 'events', event)),
    ...changes.messages.map(message => insertMessage(names, message, changes.lease)),
  ]
  return db => {
    if (!claim(db, names, organizationId, revision)) return 'conflict'
    for (const id of erased) erase(db, names, [id, organizationId])
    if (expireBefore)
      run(db, `delete from ${names.kept} where organization_id = ? and at < ?`, [organizationId, expireBefore.getTime()])
    for (const save of updates) save(db)
    for (const write of inserts) execute(db, write)
    return 'committed'
  }
}

/** Bumps the revision. Only a decision on revision 0 may insert the organization's row. */
function claim(db: Database, { scopes }: Names, organizationId: string, revision: number): boolean {
  const bumped = `update ${scopes} set revision = revision + 1 where organization_id = ? and revision = ?`
  if (run(db, bumped, [organizationId, revision]) === 1) return true
  const inserted = `insert into ${scopes} (organization_id, revision) values (?, 1) on conflict do nothing`
  return revision === 0 && run(db, inserted, [organizationId]) === 1
}

export const bump = (db: Database, { scopes }: Names, organizationId: string): number =>
  run(
    db,
    `insert into ${scopes} (organization_id, revision) values ($1, 1)
     on conflict (organization_id) do update set revision = revision + 1`,
    [organizationId],
  )

/** A lease begins when the row is written. */
export function insertMessage(names: Names, message: MessageRow, lease: Lease | null): Write {
  const write = insert(names, 'outbox', newMessage(message, lease))
  return lease === null ? write : { ...write, beforeWrite: values => values.with(leasedUntil, Date.now() + lease.ms) }
}

const leasedUntil = writtenColumns('outbox').indexOf('leased_until')

/** Only rows that were stored before this commit. */
function erase(db: Database, { events, outbox, kept }: Names, whose: readonly [id: string, organizationId: string]): void {
  run(db, `update ${events} set data = '{}' where invite_id = $1 and organization_id = $2`, whose)
  run(db, `delete from ${outbox} where invite_id = $1 and organization_id = $2 and status = 'queued'`, whose)
  run(db, `delete from ${kept} where instr(answer, $1) > 0 and organization_id = $2`, whose)
}
