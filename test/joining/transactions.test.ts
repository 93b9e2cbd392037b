// The host's transaction takes our part along, whatever library opened it: committed, rolled back, or gone on with.
import { isInviteError } from 'invitekit'
import { describe, expect, test } from 'vitest'
import { endsOf, orgOf, tokenOf, useHost } from './host.ts'
import { forEachLibrary } from './libraries/all.ts'

const changeOfMind = new Error('the host rolls back')

forEachLibrary(library => {
  describe(library.name, () => {
    const host = useHost(library)

    test('the host’s rollback takes invite, membership, events and mail with it', async () => {
      const app = await host.open()
      const org = orgOf(app)
      const token = tokenOf(await org.create('ada@example.com'))
      await app.invites.relay.drain()
      const before = await host.rows(org.organizationId)
      const rolledBack = app.transaction(async tx => {
        await org.create('bob@example.com', tx)
        const { member } = await org.accept(token, 'ada@example.com', tx)
        expect(member?.userId).toBe('ada@example.com')
        expect(await app.count(org.organizationId, tx)).toBe(1)
        throw changeOfMind
      })
      await expect(rolledBack).rejects.toBe(changeOfMind)
      expect(await host.rows(org.organizationId)).toEqual(before)
      await app.invites.relay.drain()
      expect(app.mails).toEqual(['ada@example.com'])
      expect(await org.accept(token, 'ada@example.com')).toMatchObject({ repeated: false })
    })

    test('the same with the built-in member table', async () => {
      const app = await host.open({ members: undefined })
      const org = orgOf(app)
      const token = tokenOf(await org.create('ada@example.com'))
      const before = await host.rows(org.organizationId)
      const rolledBack = app.transaction(async tx => {
        await org.accept(token, 'ada@example.com', tx)
        throw changeOfMind
      })
      await expect(rolledBack).rejects.toBe(changeOfMind)
      expect(await host.rows(org.organizationId)).toEqual(before)
      await app.transaction(tx => org.accept(token, 'ada@example.com', tx))
      expect(await host.rows(org.organizationId)).toMatchObject({ invite_members: 1, team_members: 0 })
    })

    test('what the host commits is delivered after that, and not before', async () => {
      const app = await host.open()
      const org = orgOf(app)
      await app.transaction(async tx => {
        await org.create('ada@example.com', tx)
        await app.invites.relay.drain()
        expect(app.mails).not.toContain('ada@example.com')
        expect((await host.rows(org.organizationId)).invite_invites).toBe(0)
      })
      await app.invites.relay.drain()
      expect(app.mails).toContain('ada@example.com')
    })

    test('a rejection leaves the transaction usable', async () => {
      const app = await host.open({ limits: { pending: 2 } })
      const org = orgOf(app)
      const codes: unknown[] = []
      const note = (error: unknown) => void codes.push(isInviteError(error) && error.code)
      await app.transaction(async tx => {
        await org.create('ada@example.com', tx)
        await org.create('ada@example.com', tx).catch(note)
        await org.create('bob@example.com', tx)
        await org.create('eve@example.com', tx).catch(note)
        await app.invites.revoke({ id: 'none' }, { actor: 'system', organizationId: org.organizationId, tx }).catch(note)
        await app.add({ organizationId: org.organizationId, userId: 'eve' }, tx)
      })
      expect(codes).toEqual(['already_invited', 'pending_limit_reached', 'invite_not_found'])
      expect(await host.rows(org.organizationId)).toMatchObject({ invite_invites: 2, team_members: 1 })
    })

    test('two organizations are written to in one transaction', async () => {
      const app = await host.open()
      const [one, two] = [orgOf(app), orgOf(app)]
      const both = async (tx: Parameters<typeof one.create>[1]) => {
        await one.create('ada@example.com', tx)
        await two.create('ada@example.com', tx)
      }
      await expect(app.transaction(tx => both(tx).then(() => Promise.reject(changeOfMind)))).rejects.toBe(changeOfMind)
      await app.transaction(both)
      for (const { organizationId } of [one, two]) expect((await host.rows(organizationId)).invite_invites).toBe(1)
    })

    test('the members port gets the very transaction that the host opened, or one of the same kind that we did', async () => {
      const given: unknown[] = []
      const { members: port } = await host.open()
      const app = await host.open({
        members: {
          ...port,
          add: async (seat, tx) => {
            given.push(tx)
            await port.add(seat, tx)
          },
        },
      })
      const org = orgOf(app)
      const [ada, bob] = await Promise.all([org.create('ada@example.com'), org.create('bob@example.com')])
      await app.transaction(async tx => {
        await org.accept(tokenOf(ada), 'ada@example.com', tx)
        expect(given).toHaveLength(1)
        expect(given[0]).toBe(tx)
        expect(await host.rows(org.organizationId)).toMatchObject({ team_members: 0 })
      })
      await org.accept(tokenOf(bob), 'bob@example.com')
      expect(given[1]).toBeTruthy()
      expect((await host.rows(org.organizationId)).team_members).toBe(2)
    })

    // Query builders are thenables that do nothing until somebody waits for them.
    test('a members function may return the library’s own unsent query', async () => {
      const { members: port } = await host.open()
      const app = await host.open({ members: { ...port, add: (seat, tx) => app.add(seat, tx) } })
      const org = orgOf(app)
      await org.accept(tokenOf(await org.create('ada@example.com')), 'ada@example.com')
      expect((await host.rows(org.organizationId)).team_members).toBe(1)
    })

    test('a joined and an own call at once on one organization: the own one waits for the host’s commit', async () => {
      const app = await host.open()
      const org = orgOf(app)
      const own = await app.transaction(async tx => {
        await org.create('ada@example.com', tx)
        const calls = ['ada@example.com', 'bob@example.com'].map(email => org.create(email))
        await org.create('eve@example.com', tx)
        return { calls }
      })
      expect(await endsOf(own.calls)).toEqual({ already_invited: 1, ok: 1 })
      expect((await host.rows(org.organizationId)).invite_invites).toBe(3)
    })
  })
})
