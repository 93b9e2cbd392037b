// The storage contract on SQLite: a file of our own, the host's connection to a file, and memory.
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import Database from 'better-sqlite3'
import { sqliteStorage } from '../../adapters/storage/sqlite/index.ts'
import { storageContract } from '../contract/storage/contract.ts'
import type { Subject } from '../contract/storage/subject.ts'

type Connection = Database.Database

async function subjectOver(database: string | Connection, end: () => void = () => {}): Promise<Subject<Connection>> {
  const storage = sqliteStorage({ database })
  await storage.migrate()
  return {
    storage,
    async close() {
      await storage.close()
      end()
    },
  }
}

/** A transaction of the host's, begun by hand on a connection that nobody else uses meanwhile. */
async function inTransaction<T>(connection: Connection, work: (tx: Connection) => Promise<T>): Promise<T> {
  connection.exec('begin immediate')
  try {
    const result = await work(connection)
    connection.exec('commit')
    return result
  } catch (error) {
    if (connection.inTransaction) connection.exec('rollback')
    throw error
  }
}

function temporaryFile() {
  const directory = mkdtempSync(join(tmpdir(), 'invitekit-'))
  return { file: join(directory, 'app.db'), remove: () => rmSync(directory, { recursive: true }) }
}

const traits = { awaits: false, locks: false }

async function makeFile(): Promise<Subject<Connection>> {
  const { file, remove } = temporaryFile()
  const subject = await subjectOver(file, remove)
  const transaction = async <T>(work: (tx: Connection) => Promise<T>): Promise<T> => {
    const connection = new Database(file)
    try {
      return await inTransaction(connection, work)
    } finally {
      connection.close()
    }
  }
  return { ...subject, transaction }
}

async function makeHosted(): Promise<Subject<Connection>> {
  const { file, remove } = temporaryFile()
  const connection = new Database(file)
  const subject = await subjectOver(connection, () => {
    connection.close()
    remove()
  })
  return { ...subject, transaction: work => inTransaction(connection, work) }
}

storageContract('sqlite: a file', makeFile, { ...traits, joins: true })
storageContract('sqlite: the host’s connection', makeHosted, { ...traits, joins: true })
storageContract('sqlite: memory', () => subjectOver(':memory:'), { ...traits, joins: false })
