// Sweeping: a fixed number of statements for each organization, small commits, the oldest first, nobody held up by another.
import type { PoolClient } from 'pg'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import type { Connector } from '../../adapters/storage/connectors/connector.ts'
import { fromPg } from '../../adapters/storage/connectors/pg.ts'
import { postgresStorage } from '../../adapters/storage/postgres/index.ts'
import { codeOf } from '../../adapters/storage/sql/errors.ts'
import { invitesOver } from '../races/stores.ts'
import { at, changes, event, organization, personal } from '../support/make.ts'
import { type Database, freshDatabase } from '../support/postgres.ts'

let database: Database
let texts: string[]
let storage: ReturnType<typeof postgresStorage<PoolClient>>
beforeAll(async () => {
  database = await freshDatabase()
  const pg = fromPg(database.pool, { prepare: true })
  const counting: Connector<PoolClient> = {
    query(text, parameters, tx) {
      // Other processes are woken beside the calls, so often in a second and not for each.
      if (!text.includes('pg_notify')) texts.push(text)
      return pg.query(text, parameters, tx)
    },
    transaction: pg.transaction,
  }
  texts = []
  storage = postgresStorage(counting, { lockTimeout: 300 })
  await storage.migrate()
})
afterAll(() => database.drop())
beforeEach(() => database.pool.query('truncate invite_invites, invite_events, invite_outbox, invite_scopes'))

/** An organization with pending invites that ended at these times. */
async function organizationWith(times: readonly number[]): Promise<string> {
  const org = organization()
  const live = times.map(time => personal(org, { expiresAt: at(time) }))
  await storage.commit(changes(org, 0, { made: live, events: live.map(invite => event(invite)) }))
  return org
}

const expired = async (org: string) => {
  const { rows } = await database.pool.query(
    `select count(*)::int as invites from invite_invites where organization_id = $1 and status = 'expired'`,
    [org],
  )
  return rows[0].invites
}
/** Organizations in the order in which they were first swept. */
const order = async () => {
  const text = `select organization_id as org from invite_events where type = 'invite.expired' group by 1 order by min(seq)`
  return (await database.pool.query<{ org: string }>(text)).rows.map(row => row.org)
}
const invites = () => invitesOver(storage as never)
const numbers = (count: number) => [...Array(count).keys()]

test('40 organizations with 30 expired invites each, all mixed: three statements for each organization', async () => {
  const orgs = await Promise.all(numbers(40).map(first => organizationWith(numbers(30).map(index => first + index * 40))))
  texts.length = 0
  expect(await invites().sweep({ batch: 100 })).toMatchObject({ expired: 1200 })
  // Each asks for its own, reads and commits; before and after them stands the question who is due.
  expect(texts).toHaveLength(40 * 3 + 2)
  expect(texts.filter(text => text.includes('as committed'))).toHaveLength(40)
  expect(await order()).toEqual(orgs)
})

test('when one query brings all that is due, two statements for each organization', async () => {
  const orgs = await Promise.all(numbers(7).map(first => organizationWith([100 - first, 200 + first])))
  texts.length = 0
  expect(await invites().sweep()).toMatchObject({ expired: 14 })
  expect(texts).toHaveLength(7 * 2 + 1)
  expect(await order()).toEqual(orgs.toReversed())
})

test('an organization with 250 is written in commits of 100, and its younger ones wait for the older ones of others', async () => {
  const large = await organizationWith(numbers(250))
  const small = await organizationWith([120])
  texts.length = 0
  expect(await invites().sweep({ batch: 50 })).toMatchObject({ expired: 251 })
  const { rows } = await database.pool.query(
    `select organization_id as org, count(*)::int as rows from invite_events where type = 'invite.expired'
     group by organization_id, at order by min(seq)`,
  )
  for (const each of rows) expect(each.rows).toBeLessThanOrEqual(100)
  expect(rows.map(row => row.org)).toEqual([large, large, small, large])
})

/** Organizations with such a name are refused by the database itself. */
const refuse = (name: string) =>
  database.pool.query(`create or replace function refuse() returns trigger language plpgsql as $$ begin
    if new.organization_id ~ '${name}' then raise exception 'refused' using errcode = '23514'; end if; return new; end $$;
    create or replace trigger refusal before insert on invite_events for each row execute function refuse()`)

test('organizations that cannot be written to are told of, and hold up no other', async () => {
  const [locked, refused, fine, late] = [
    await organizationWith(numbers(60)),
    await organizationWith([1, 2]),
    await organizationWith([3, 70]),
    await organizationWith([90]),
  ]
  await refuse(refused)
  const told: string[] = []
  const watched = invitesOver(storage as never, { onError: (error, { where }) => told.push(`${where}: ${codeOf(error)}`) })
  const host = await database.pool.connect()
  await host.query('begin')
  await storage.touch(locked, host)
  expect(await watched.sweep({ batch: 10 })).toMatchObject({ expired: 3 })
  await host.query('rollback')
  host.release()
  expect(told).toEqual(['sweep: unavailable', 'sweep: 23514'])
  expect(await Promise.all([locked, refused, fine, late].map(expired))).toEqual([0, 0, 2, 1])
  expect(await watched.sweep({ batch: 10 })).toMatchObject({ expired: 60 })
  await refuse('nobody')
  expect(await watched.sweep()).toMatchObject({ expired: 2 })
})

test('where nobody can be written to, it ends', async () => {
  await Promise.all(numbers(30).map(index => organizationWith([index])))
  await refuse('org')
  const told: unknown[] = []
  await expect(invitesOver(storage as never, { onError: error => told.push(error) }).sweep()).rejects.toThrow('refused')
  expect(told).toHaveLength(10)
  await refuse('nobody')
})
