// A host's own transaction around a call, and the retry that only the host can make.
import { setTimeout as sleep } from 'node:timers/promises'
import Database from 'better-sqlite3'
import type pg from 'pg'
import type { Ends } from './calls.ts'
import type { Place } from './stores.ts'

export type Joiner = (isolation: string, work: (tx: never) => Promise<Ends>) => Promise<Ends>

export const joinerOf = (place: Place, pool: pg.Pool | null): Joiner =>
  place.kind === 'sqlite' ? onSqlite(place.file) : onPostgres(pool as pg.Pool)

const onPostgres =
  (pool: pg.Pool): Joiner =>
  async (isolation, work) => {
    for (let tries = 0; ; tries += 1) {
      const client = await pool.connect()
      try {
        await client.query(`begin isolation level ${isolation}`)
        const ends = await work(client as never)
        await client.query(ends.includes('ok') ? 'commit' : 'rollback')
        return ends
      } catch (error) {
        await client.query('rollback')
        if (!['40001', '40P01'].includes((error as { code: string }).code) || tries > 200) throw error
      } finally {
        client.release()
      }
      await sleep(Math.random() * 20)
    }
  }

/** A connection that nobody else uses, for each transaction. */
const onSqlite =
  (file: string): Joiner =>
  async (_, work) => {
    const database = new Database(file, { timeout: 0 })
    try {
      await begun(database)
      const ends = await work(database as never)
      database.exec(ends.includes('ok') ? 'commit' : 'rollback')
      return ends
    } finally {
      database.close()
    }
  }

async function begun(database: Database.Database): Promise<void> {
  for (let tries = 0; ; tries += 1) {
    try {
      return void database.exec('begin immediate')
    } catch (error) {
      if (tries > 2_000) throw error
      await sleep(Math.random() * 10)
    }
  }
}
