// Behind PgBouncer in transaction mode, where no two transactions of a client need to meet the same connection.
import { createInvites, type Invites, isInviteError, type JsonObject, type RoleRules } from 'invitekit'
import { postgresStorage } from 'invitekit/postgres'
import pg, { type PoolClient } from 'pg'
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import { organization, unique } from '../support/make.ts'
import { type Database, freshDatabase } from '../support/postgres.ts'
import { pgbouncer, withProgram } from '../support/programs.ts'
import { endsOf, keys, orgOf, tokenOf } from './host.ts'
import { type Bouncer, startBouncer } from './pgbouncer.ts'

// PgBouncer passes no `search_path` on: the schema is named.
const schema = unique('invitekit_test').replace('-', '_')
let database: Database
let bouncer: Bouncer
const pools: pg.Pool[] = []

withProgram(pgbouncer, path => {
  beforeAll(async () => {
    database = await freshDatabase()
    bouncer = await startBouncer(path, database.url, 5)
  })
  afterEach(() => Promise.all(pools.splice(0).map(pool => pool.end())))
  afterAll(async () => {
    await bouncer.stop()
    await database.pool.query(`drop schema if exists ${schema} cascade`)
    await database.drop()
  })

  test('prepare: false: invites are made, accepted, listed and delivered', async () => {
    const { invites, pool, mails } = appWith(false)
    await invites.migrate()
    const org = orgOf({ invites })
    const ada = await org.create('ada@example.com')
    expect(await org.accept(tokenOf(ada), 'ada@example.com')).toMatchObject({ repeated: false })
    const client = await pool.connect()
    await client.query('begin')
    await org.create('bob@example.com', client)
    await client.query('rollback')
    await client.query('begin')
    await org.create('eve@example.com', client)
    await client.query('commit')
    client.release()
    const { data } = await invites.list({}, { actor: 'system', organizationId: org.organizationId })
    expect(data.map(({ status }) => status).toSorted()).toEqual(['accepted', 'pending'])
    await invites.relay.drain()
    // Nobody is mailed an invite that is accepted already.
    expect(mails).toEqual(['eve@example.com'])
  })

  test('prepare: false: of 64 invites made at once by two pools on a limit of 10, 10 are made', async () => {
    const [one, two] = [appWith(false, { pending: 10 }), appWith(false, { pending: 10 })]
    const organizationId = organization()
    const calls = Array.from({ length: 64 }, (_, index) =>
      orgOf(index % 2 === 0 ? one : two, organizationId).create(`p${index}@example.com`),
    )
    expect(await endsOf(calls)).toEqual({ ok: 10, pending_limit_reached: 54 })
    const text = `select count(*) from ${schema}.invite_invites where organization_id = $1`
    expect((await database.pool.query(text, [organizationId])).rows).toEqual([{ count: '10' }])
  })

  test('prepare: true, the default of a pool, ends as unavailable there, and says what to set', async () => {
    const { invites } = appWith(undefined)
    const reads = Array.from({ length: 64 }, () =>
      invites.summary({}, { actor: 'system', organizationId: organization() }).catch((error: unknown) => error),
    )
    const failures = (await Promise.all(reads)).filter(isInviteError)
    expect(failures.length).toBeGreaterThan(0)
    for (const { code, message } of failures)
      expect([code, message]).toEqual(['unavailable', expect.stringContaining('prepare: false')])
  })
})

function appWith(prepare: boolean | undefined, options: { pending?: number } = {}) {
  const pool = new pg.Pool({ connectionString: bouncer.url, max: 20 })
  pool.on('error', () => {})
  pools.push(pool)
  const mails: string[] = []
  const invites: Invites<string, PoolClient> = createInvites<PoolClient, RoleRules, JsonObject, boolean>({
    keys,
    publicUrl: 'https://app.example.com/invites',
    relay: { inline: false },
    transports: { email: { send: async ({ to }) => void mails.push(to) } },
    limits: options,
    storage: postgresStorage({ pool, schema, ...(prepare === undefined ? {} : { prepare }) }),
  })
  return { invites, pool, mails }
}
