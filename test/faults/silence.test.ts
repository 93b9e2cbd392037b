// A connection that nobody answers on any more, and that nobody has closed, over every library: no call waits for ever,
// a commit that was given up is asked for, and each caller hears what is in the tables.
import { setTimeout as sleep } from 'node:timers/promises'
import { createInvites, type JsonObject, type MembersPort, type RoleRules } from 'invitekit'
import { postgresStorage } from 'invitekit/postgres'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { keys } from '../joining/host.ts'
import { forEachLibrary } from '../joining/libraries/all.ts'
import { createTable, type Library } from '../joining/libraries/library.ts'
import { type Database, freshDatabase } from '../support/postgres.ts'
import { type Fault, startProxy } from '../support/proxy.ts'
import { ada, endOf, system, timed, tokenOf } from './room.ts'

let database: Database
beforeAll(async () => {
  database = await freshDatabase()
  await database.pool.query(createTable)
  await postgresStorage({ pool: database.pool }).migrate()
})
afterAll(() => database.drop())

/** A statement of ours is given up after 1,700 ms, the word of the database on a commit is awaited for 1,500. */
const waits = { acquireTimeout: 200, lockTimeout: 1_500 }

const read = /'revision', coalesce/
const statement = /as committed/
const commit = /^[QP].{4}\0?commit/is

/** A host on a line of its own, and what its organization has in the tables. */
async function hostOf<Tx>(library: Library<Tx>) {
  const proxy = await startProxy(database.url)
  const opened = library.open(proxy.url, 2)
  const members: MembersPort<string, Tx> = {
    add: async (seat, tx) => void (await opened.add(seat, tx)),
    count: (organizationId, tx) => opened.count(organizationId, tx),
    find: () => null,
  }
  const invites = createInvites<Tx, RoleRules, JsonObject, boolean>({
    keys,
    publicUrl: 'https://app.example.com/invites',
    relay: { inline: false },
    members,
    storage: opened.storage(waits),
  })
  const context = system()
  const count = async (from: string) => {
    const { rows } = await database.pool.query(`select count(*) from ${from} = $1`, [context.organizationId])
    return Number(rows[0].count)
  }
  return {
    proxy,
    fault: (matching: RegExp, fault: Fault) => proxy.fault(matching, fault),
    invite: () => invites.create({ recipient: { email: ada.email }, role: 'member' }, context),
    accept: ({ link }: { readonly link: string }) => invites.accept({ token: tokenOf(link) }, { actor: ada }),
    /** Invites, acceptances in the history, and members of the host's. */
    counts: () =>
      Promise.all([
        count('invite_invites where organization_id'),
        count(`invite_events where type = 'invite.accepted' and organization_id`),
        count('team_members where organization'),
      ]),
    async close() {
      // Whoever waits for an answer learns that none will come; a pool ends only after that.
      await proxy.close()
      await opened.close()
    },
  }
}

/** A case on its own line, beside the others. */
async function alone<Tx>(library: Library<Tx>, work: (host: Awaited<ReturnType<typeof hostOf<Tx>>>) => Promise<void>) {
  const host = await hostOf(library)
  try {
    await work(host)
  } finally {
    await host.close()
  }
}

forEachLibrary(library => {
  describe.concurrent(library.name, () => {
    test('a question that is never answered is unavailable, and the next one is asked on another connection', () =>
      alone(library, async ({ fault, invite, counts }) => {
        const met = fault(read, 'swallowed')
        const [end, ms] = await timed(() => endOf(invite()))
        await met
        expect(end).toBe('unavailable')
        expect(ms).toBeLessThan(5_000)
        expect(await counts()).toEqual([0, 0, 0])
        await invite()
        expect(await counts()).toEqual([1, 0, 0])
      }))

    test.each(['swallowed', 'unanswered'] as const)('a commit that is %s is asked for: the invite is made, once', how =>
      alone(library, async ({ fault, invite, counts }) => {
        const met = fault(statement, how)
        await invite()
        await met
        expect(await counts()).toEqual([1, 0, 0])
        expect(await endOf(invite())).toBe('already_invited')
      }),
    )

    test('an acceptance whose COMMIT landed unheard is one: one member of the host’s, one event', () =>
      alone(library, async ({ fault, invite, accept, counts }) => {
        const made = await invite()
        const met = fault(commit, 'unanswered')
        expect(await accept(made)).toMatchObject({ repeated: false })
        await met
        expect(await counts()).toEqual([1, 1, 1])
      }))

    test('an acceptance whose COMMIT never came: pg closes the connection and does it again; elsewhere the caller looks', () =>
      alone(library, async ({ proxy, fault, invite, accept, counts }) => {
        const made = await invite()
        const met = fault(commit, 'swallowed')
        const end = await accept(made).catch((error: unknown) => error)
        await met
        if (library.name === 'pg') expect(end).toMatchObject({ repeated: false })
        else {
          // The transaction is still open in the server, on a connection that is the library's to close.
          expect(end).toMatchObject({ code: 'unavailable', message: expect.stringContaining('look before you repeat') })
          expect(await counts()).toEqual([1, 0, 0])
          proxy.heal()
          // The pool hears a moment later that its idle connections are gone.
          await sleep(100)
          expect(await endOf(accept(made))).toBe('ok')
        }
        expect(await counts()).toEqual([1, 1, 1])
      }))
  })
})
