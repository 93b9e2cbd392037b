// Every way of keeping members gives the same: the row is the host's, and an acceptance that it refuses never was.
import type { Invites } from 'invitekit'
import type { Pool } from 'pg'
import { afterAll, describe, expect, test, vi } from 'vitest'
import { type Database, freshDatabase } from '../../test/support/postgres.ts'

const lines = vi.spyOn(console, 'log').mockImplementation(() => {})
const mary = { userId: 'mary', email: 'mary@example.com', emailVerified: true }
const invitation = { recipient: { email: 'mary@example.com' }, role: 'member' } as const

const databases: Database[] = []
const ending: (() => unknown)[] = []
afterAll(async () => {
  for (const end of ending) await end()
  for (const database of databases) await database.drop()
})

interface Example {
  readonly teamId: string
  readonly invites: Invites<'owner' | 'admin' | 'member' | 'viewer'>
  readonly run: (text: string) => unknown
  readonly end: () => unknown
}

const overPool = ({ invites, teamId, pool }: Pick<Example, 'invites' | 'teamId'> & { readonly pool: Pool }): Example => ({
  invites,
  teamId,
  run: text => pool.query(text),
  end: () => pool.end(),
})

const examples: Readonly<Record<string, () => Promise<Example>>> = {
  async sqlite() {
    const { invites, teamId, db } = await import('./sqlite.ts')
    return { invites, teamId, run: text => db.exec(text), end: () => db.close() }
  },
  pg: async () => overPool(await import('./pg.ts')),
  kysely: async () => overPool(await import('./kysely.ts')),
  drizzle: async () => overPool(await import('./drizzle.ts')),
  async knex() {
    const { invites, teamId, knex } = await import('./knex.ts')
    return { invites, teamId, run: text => knex.raw(text), end: () => knex.destroy() }
  },
}

describe.each(Object.entries(examples))('%s', (name, start) => {
  test('the port is asked for seats, duplicates and roles, and what it throws undoes an acceptance', async () => {
    if (name !== 'sqlite') {
      const database = await freshDatabase()
      databases.push(database)
      process.env['DATABASE_URL'] = database.url
    }
    lines.mockClear()
    const { invites, teamId, run, end } = await start()
    const actor = { userId: 'ada', organizationId: teamId, role: 'owner' }
    ending.push(end)
    const [rows] = lines.mock.calls.at(-1) ?? []
    expect(rows.map((row: object) => Object.values(row).join(' ')).sort()).toEqual([
      `${teamId} ada owner`,
      `${teamId} grace member`,
    ])

    const known = invites.create({ recipient: { email: 'Grace@Example.com' }, role: 'member' }, { actor })
    await expect(known).rejects.toMatchObject({ code: 'already_member' })

    const { invite } = await invites.create(invitation, { actor })
    await expect(invites.accept({ id: invite.id }, { actor: mary })).rejects.toMatchObject({ code: 'seat_limit_reached' })

    // The host's foreign key: Mary is no user of the app yet.
    await run("delete from team_members where user_id = 'grace'")
    await expect(invites.accept({ id: invite.id }, { actor: mary })).rejects.toThrow(/foreign key|team_members/i)
    expect(await invites.get({ id: invite.id }, { actor })).toMatchObject({ status: 'pending' })

    await run("insert into users values ('mary', 'mary@example.com')")
    await invites.accept({ id: invite.id }, { actor: mary })
    expect(await invites.summary({}, { actor })).toMatchObject({ seats: { used: 2, limit: 2 } })
  })
})
