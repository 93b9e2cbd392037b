// A process that holds the write lock of a SQLite file, with a row that it never commits, until it is let go or killed.
import Database from 'better-sqlite3'
import { asProcess } from '../support/processes.ts'

await asProcess<{ file: string }>(async ({ file }, ready) => {
  const database = new Database(file)
  database.exec("begin immediate; insert into host_members values ('org', 'halfway', 'member')")
  await ready()
  database.exec('rollback')
  database.close()
})
