// `npm run bench`, or `npm run bench create http` for some of it.
import { once } from 'node:events'
import { freshDatabase, startPostgres } from '../support/postgres.ts'
import { accept, bulk, create, list, type Part } from './calls.ts'
import { startChild } from './child.ts'
import { http, reading as readingOfHttp } from './http.ts'
import { type Line, table } from './measure.ts'
import { relay } from './relay.ts'
import { openPostgres, openSqlite, type Store } from './stores.ts'

const reading = `
Both sides run in turns in this one process, on tables of their own with the same columns and indexes. A ratio is the median
over rounds of invitekit's rate by the other's in that round: 1 is as fast, 0.5 takes twice as long. Rates are of this machine
in this minute; only the ratios mean something elsewhere.`

const calls: Readonly<Record<string, Part>> = { create, accept, bulk, list }
const others: Readonly<Record<string, (url: string) => Promise<readonly Line[]>>> = { away, http, relay }

const names = [...Object.keys(calls), ...Object.keys(others)]
const wanted = process.argv.slice(2)
const unknown = wanted.find(name => !names.includes(name))
if (unknown !== undefined) {
  console.error(`There is no bench named ${unknown}; there are ${names.join(', ')}.`)
  process.exit(1)
}
const chosen = wanted.length === 0 ? names : wanted

const begin = performance.now()
const server = await startPostgres()
try {
  for (const name of names.filter(name => chosen.includes(name))) {
    const part = calls[name]
    show(name, part ? await onBoth(part) : ((await others[name]?.(server.url)) ?? []))
    if (name === 'http') console.log(readingOfHttp)
  }
} finally {
  await server.stop()
}
if (chosen.some(name => name !== 'http')) console.log(reading)
console.log(`\n${Math.round((performance.now() - begin) / 1000)} s`)

async function onBoth(part: Part): Promise<readonly Line[]> {
  const database = await freshDatabase(server.url)
  const postgres = await openPostgres(database.url)
  const sqlite = await openSqlite()
  try {
    await fill(postgres)
    await fill(sqlite)
    return [...(await part(postgres)), ...(await part(sqlite))]
  } finally {
    await postgres.close()
    await sqlite.close()
    await database.drop()
  }
}

/** Where a round trip takes time: what is one statement gains by it, and what is many loses. */
async function away(url: string): Promise<readonly Line[]> {
  const database = await freshDatabase(url)
  const network = startChild('./away.process.ts', database.url)
  const [port]: number[] = await once(network, 'message')
  const store = await openPostgres(Object.assign(new URL(database.url), { port }).href, { alsoWithoutSpeculation: true })
  try {
    await fill(store)
    const lines = [...(await create(store)), ...(await accept(store)), ...(await bulk(store))]
    // What is to be reached is said of a database beside it.
    return lines.map(line => ({ ...line, target: undefined }))
  } finally {
    await store.close()
    network.kill()
    await database.drop()
  }
}

/** Neither side on empty tables. */
async function fill(store: Store): Promise<void> {
  const rows = { count: 10_000, organizationOf: (index: number) => `apart-${index % 1000}`, sent: true }
  await store.fill('ours', { ...rows, emailOf: index => `before${index}@example.com` })
  await store.fill('theirs', { ...rows, emailOf: index => `before${index}@example.com` })
  await store.analyze()
}

function show(name: string, lines: readonly Line[]): void {
  const head = name === 'http' ? ['by hand (call)', 'handler adds'] : ['beside', 'ratio (lowest–highest round)']
  console.log(`\n${name}\n${table([name, 'invitekit', ...head, 'target'], lines)}`)
}
