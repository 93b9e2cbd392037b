// Pools that are too small, and members functions that reach past their transaction: served or refused, never stuck.
import { describe, expect, test } from 'vitest'
import { orgOf, tokenOf, useHost } from './host.ts'
import { forEachLibrary } from './libraries/all.ts'

forEachLibrary(library => {
  describe(library.name, () => {
    const host = useHost(library)
    const quick = { storageOptions: { acquireTimeout: 250, lockTimeout: 200 } }

    test('a pool of one: own calls are served, with transactions of our own too', async () => {
      const app = await host.open({ connections: 1 })
      const org = orgOf(app)
      const emails = ['ada@example.com', 'bob@example.com', 'eve@example.com']
      const made = await Promise.all(emails.map(email => org.create(email)))
      await Promise.all(made.map((created, index) => org.accept(tokenOf(created), emails[index] ?? '')))
      expect((await host.rows(org.organizationId)).team_members).toBe(3)
    })

    test('a pool of one: a joined call is served, an own call inside the host’s transaction is refused, and it goes on', async () => {
      const app = await host.open({ connections: 1, ...quick })
      const org = orgOf(app)
      const token = tokenOf(await org.create('ada@example.com'))
      const started = performance.now()
      await app.transaction(async tx => {
        await org.create('bob@example.com', tx)
        for (const own of [() => org.create('eve@example.com'), () => org.accept(token, 'ada@example.com')]) {
          const refusal = { code: 'unavailable', message: expect.stringContaining('must be given its `tx`') }
          await expect(own()).rejects.toMatchObject(refusal)
        }
        await org.accept(token, 'ada@example.com', tx)
      })
      expect(performance.now() - started).toBeLessThan(3_000)
      // What was refused does not happen later.
      await app.transaction(async tx => app.count(org.organizationId, tx))
      expect(await host.rows(org.organizationId)).toMatchObject({ invite_invites: 2, team_members: 1 })
      await org.create('eve@example.com')
    })

    test('a large pool: an own call inside the host’s transaction on the same organization is refused in time', async () => {
      const app = await host.open(quick)
      const org = orgOf(app)
      await app.transaction(async tx => {
        await org.create('ada@example.com', tx)
        const refusal = { code: 'unavailable', message: expect.stringContaining('`tx`') }
        await expect(org.create('bob@example.com')).rejects.toMatchObject(refusal)
      })
      expect((await host.rows(org.organizationId)).invite_invites).toBe(1)
    })

    test('a members function that waits for the pool, not its tx, ends as unavailable and says what to do', async () => {
      const { members: port } = await host.open()
      const app = await host.open({
        connections: 1,
        ...quick,
        members: { ...port, timeout: '1s', add: seat => app.add(seat).then(() => {}) },
      })
      const org = orgOf(app)
      const token = tokenOf(await org.create('ada@example.com'))
      const refusal = { code: 'unavailable', message: expect.stringMatching(/in 1 s .* use the `tx` that it was given/) }
      await expect(org.accept(token, 'ada@example.com')).rejects.toMatchObject(refusal)
      expect(await app.invites.preview({ token })).toMatchObject({ status: 'pending' })
    })

    test('a failure that a members function caught is no commit, and is said so', async () => {
      const { members: port } = await host.open()
      const app = await host.open({
        members: {
          ...port,
          add: async (seat, tx) => {
            await port.add(seat, tx)
            await Promise.resolve(app.run('select 1/0', tx)).catch(() => {})
          },
        },
      })
      const org = orgOf(app)
      const token = tokenOf(await org.create('ada@example.com'))
      await expect(org.accept(token, 'ada@example.com')).rejects.toThrow('nothing was committed')
      expect(await host.rows(org.organizationId)).toMatchObject({ invite_events: 1, team_members: 0 })
    })
  })
})
