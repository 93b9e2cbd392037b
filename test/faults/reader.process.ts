// A process of a user who may read the file and not write it: root may write everything, and becomes nobody.
import { sqliteStorage } from 'invitekit/sqlite'
import { invitesOver } from '../races/stores.ts'
import { asProcess } from '../support/processes.ts'
import { endOf, invite, system } from './room.ts'

await asProcess<{ file: string }>(async ({ file }, ready) => {
  const invites = invitesOver(sqliteStorage({ database: file, busyTimeout: 300 }) as never)
  // Everything is loaded before the rights go.
  await sqliteStorage({ database: ':memory:' }).migrate()
  if (process.getuid?.() === 0) process.setuid?.(65_534)
  await ready()
  return endOf(invite(invites, system()))
})
