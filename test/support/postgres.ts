// A real Postgres for tests, benchmarks and demos: given by TEST_DATABASE_URL, or started here from binaries.
import { randomBytes } from 'node:crypto'
import { readFileSync } from 'node:fs'
import pg from 'pg'
import { bootServer } from './postgres-server.ts'

export interface Postgres {
  readonly url: string
  /** What the server logged; null when it was given by TEST_DATABASE_URL. */
  readonly logFile: string | null
  readonly stop: () => Promise<void>
}

/**
 * The server of TEST_DATABASE_URL, with a schema of its own in it that is dropped by `stop`; without that variable, or
 * with `own`, one that is started here and gone after `stop` or when this process ends, however it ends.
 */
export async function startPostgres(options: { own?: boolean } = {}): Promise<Postgres> {
  const given = process.env['TEST_DATABASE_URL']
  return given === undefined || given === '' || options.own ? bootServer() : within(given)
}

async function within(server: string): Promise<Postgres> {
  const schema = `invitekit_test_${randomBytes(5).toString('hex')}`
  await query(server, `create schema ${schema}`)
  const drop = `do $$ declare name text; begin
    for name in select nspname from pg_namespace where starts_with(nspname, '${schema}') loop
      execute format('drop schema %I cascade', name);
    end loop; end $$`
  return { url: withSettings(server, { search_path: schema }), logFile: null, stop: () => query(server, drop) }
}

export interface Database {
  readonly url: string
  readonly pool: pg.Pool
  /** Ends the pool and removes the database with all that is in it. */
  readonly drop: () => Promise<void>
}

/**
 * An empty database for one test file. On the server of TEST_DATABASE_URL it is an empty schema that the connections
 * look in first. Without `url` it is made on the server of the test run.
 */
export async function freshDatabase(url?: string): Promise<Database> {
  const server = url ?? (await import('vitest')).inject('postgresUrl')
  const name = randomBytes(5).toString('hex')
  const schema = settingsOf(server)['search_path']
  if (schema !== undefined) {
    const own = `${schema}_${name}`
    await query(server, `create schema ${own}`)
    return database(withSettings(server, { search_path: own }), () => query(server, `drop schema if exists ${own} cascade`))
  }
  await query(server, `create database test_${name}`)
  const own = new URL(server)
  own.pathname = `/test_${name}`
  return database(own.href, () => query(server, `drop database if exists test_${name} with (force)`))
}

function database(url: string, remove: () => Promise<void>): Database {
  const pool = new pg.Pool({ connectionString: url })
  // Without a listener a connection that the server closes while it is idle ends the process (57P01).
  pool.on('error', () => {})
  const drop = async () => {
    if (!pool.ended) await pool.end()
    await remove()
  }
  return { url, pool, drop }
}

/** The url, with settings that each connection starts with. A superuser may set `log_statement: 'all'`. */
export function withSettings(url: string, settings: Readonly<Record<string, string>>): string {
  const result = new URL(url)
  const all = { ...settingsOf(url), ...settings }
  const options = Object.entries(all).map(([name, value]) => `-c ${name}=${value.replace(/[\\ ]/g, '\\$&')}`)
  result.searchParams.set('options', options.join(' '))
  result.search = result.search.replace(/\+/g, '%20')
  return result.href
}

const settingsOf = (url: string): Record<string, string> =>
  Object.fromEntries(
    [...(new URL(url).searchParams.get('options') ?? '').matchAll(/-c ([\w.]+)=((?:\\.|[^\\ ])*)/g)].map(
      ([, name = '', value = '']) => [name, value.replace(/\\(.)/g, '$1')],
    ),
  )

/** The url of connections whose statements are logged under `name`; `statementsOf` reads them back. */
export const logged = (url: string, name: string): string => withSettings(url, { application_name: name, log_statement: 'all' })

/** The statements that the server received on connections named so, in order. */
export function statementsOf(logFile: string, name: string): readonly string[] {
  const lines = readFileSync(logFile, 'utf8').split(/\n(?!\t)/)
  return lines.flatMap(line => {
    const [, application, statement] = /^\[\d+ \S* (\S*)\] LOG: {2}(?:statement|execute [^:]*): (.*)$/s.exec(line) ?? []
    return application === name && statement !== undefined ? [statement.replace(/\n\t/g, '\n')] : []
  })
}

async function query(url: string, text: string): Promise<void> {
  const client = new pg.Client({ connectionString: url })
  client.on('error', () => {})
  await client.connect()
  try {
    await client.query(text)
  } finally {
    await client.end()
  }
}
