// Limits are exact at every isolation level of the host's, and what only the host can retry reaches it as it is.
import { isInviteError } from 'invitekit'
import { describe, expect, test } from 'vitest'
import { withSettings } from '../support/postgres.ts'
import { endsOf, orgOf, tokenOf, useHost } from './host.ts'
import { forEachLibrary } from './libraries/all.ts'
import { levels } from './libraries/library.ts'

forEachLibrary(library => {
  describe(library.name, () => {
    const host = useHost(library)

    /** As a host writes it: again, from the beginning, after a serialization failure. */
    const retrying = async <T>(work: () => Promise<T>): Promise<T> => {
      for (;;) {
        try {
          return await work()
        } catch (error) {
          if (library.stateOf(error) !== '40001') throw error
        }
      }
    }

    test('read committed: what others commit meanwhile is seen, and nothing fails', async () => {
      const app = await host.open({ limits: { pending: 2 } })
      const org = orgOf(app)
      await app.transaction(async tx => {
        await app.count(org.organizationId, tx)
        await org.create('ada@example.com')
        await org.create('bob@example.com', tx)
        await expect(org.create('eve@example.com', tx)).rejects.toMatchObject({ code: 'pending_limit_reached' })
      })
      expect((await host.rows(org.organizationId)).invite_invites).toBe(2)
    })

    test.each(levels.slice(1))('%s: a conflict is 40001 to the host, nothing is written, a retry succeeds', async level => {
      const app = await host.open()
      const org = orgOf(app)
      let tries = 0
      let failure: unknown
      const attempt = () =>
        app.transaction(async tx => {
          tries += 1
          await app.count(org.organizationId, tx)
          if (tries === 1) await org.create('ada@example.com')
          await app.add({ organizationId: org.organizationId, userId: `try ${tries}` }, tx)
          await org.create('bob@example.com', tx)
        }, level)
      await attempt().catch(error => {
        failure = error
      })
      expect(library.stateOf(failure)).toBe('40001')
      expect(isInviteError(failure)).toBe(false)
      expect(await host.rows(org.organizationId)).toMatchObject({ invite_invites: 1, team_members: 0 })
      await retrying(attempt)
      expect(await host.rows(org.organizationId)).toMatchObject({ invite_invites: 2, team_members: 1 })
    })

    test.each(levels)('%s: of 40 joined and own calls at once on a limit of 10, 10 are made', async level => {
      const app = await host.open({ limits: { pending: 10 } })
      const org = orgOf(app)
      const call = (email: string, joined: boolean) =>
        joined ? retrying(() => app.transaction(tx => org.create(email, tx), level)) : org.create(email)
      const calls = Array.from({ length: 40 }, (_, index) => call(`p${index}@example.com`, index % 2 === 0))
      expect(await endsOf(calls)).toEqual({ ok: 10, pending_limit_reached: 30 })
      const { invite_invites, invite_outbox } = await host.rows(org.organizationId)
      expect([invite_invites, invite_outbox]).toEqual([10, 20])
    })

    test('a database whose default is serializable: our own transactions are read committed', async () => {
      const strict = library.open(withSettings(host.database().url, { default_transaction_isolation: 'serializable' }), 4)
      const seen: unknown[] = []
      const storage = strict.storage()
      try {
        await storage.migrate()
        await storage.withLock?.('acme', async tx => seen.push(await strict.run('show transaction_isolation', tx)))
      } finally {
        await strict.close()
      }
      expect(JSON.stringify(seen)).toContain('read committed')
    })

    test('five seats: hosts that touch, count and insert race with acceptances, and five are taken', async () => {
      const app = await host.open({ limits: { seats: 5 } })
      const org = orgOf(app)
      const { organizationId } = org
      const emails = Array.from({ length: 12 }, (_, index) => `p${index}@example.com`)
      const tokens = await Promise.all(emails.map(async email => [email, tokenOf(await org.create(email))] as const))
      // The recipe: touch first, then count and insert.
      const addOne = (userId: string) =>
        app.transaction(async tx => {
          await app.invites.touch({ organizationId }, { tx })
          if ((await app.count(organizationId, tx)) < 5) await app.add({ organizationId, userId }, tx)
        })
      const adding = Array.from({ length: 12 }, (_, index) => addOne(`h${index}`))
      const accepting = tokens.map(([email, token]) => org.accept(token, email))
      await Promise.all([endsOf(adding), endsOf(accepting)])
      expect((await host.rows(organizationId)).team_members).toBe(5)
    })
  })
})
