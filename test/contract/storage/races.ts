// Many at once: at one revision exactly one commit is written, and nobody's work is lost or done twice.
import { describe, expect, test } from 'vitest'
import { changes, delivery, event, listQuery, member, open, organization, personal, question } from '../../support/make.ts'
import { type Room, roomIn, type Subject, sleep, type Traits } from './subject.ts'

const many = 32

export function races<Tx>(subject: () => Subject<Tx>, { locks }: Traits): void {
  describe('races', () => {
    test('of two first commits exactly one wins, in each of many organizations at once', async () => {
      const { storage } = subject()
      const results = await Promise.all(
        [...Array(16)].map(async () => {
          const org = organization()
          const commit = () => storage.commit(changes(org, 0, { made: [personal(org)] }))
          const both = await Promise.all([commit(), commit()])
          const { revision, pending } = await storage.read(question(org, { pending: 10 }))
          return { both: both.sort(), revision, pending }
        }),
      )
      expect(results).toEqual(results.map(() => ({ both: ['committed', 'conflict'], revision: 1, pending: 1 })))
    })

    test.each([0, 3])(
      `of ${many} commits at revision %i exactly one is written, with all that belongs to it`,
      async revision => {
        const room = roomIn(subject())
        const { storage, org } = room
        for (let i = 0; i < revision; i++) await storage.touch(org)
        const rivals = [...Array(many)].map((_, i) => {
          const invite = open(org)
          const fields = {
            made: [invite],
            members: [member(`user-${i}`)],
            events: [event(invite)],
            messages: [delivery(invite)],
          }
          return { invite, user: `user-${i}`, commit: changes(org, revision, fields) }
        })
        const results = await Promise.all(rivals.map(({ commit }) => storage.commit(commit)))
        expect(results.filter(result => result === 'committed')).toHaveLength(1)
        expect(results.filter(result => result === 'conflict')).toHaveLength(many - 1)
        const winner = rivals[results.indexOf('committed')]!
        const facts = await room.ask({ ids: rivals.map(({ invite }) => invite.id), users: rivals.map(({ user }) => user) })
        expect(facts.revision).toBe(revision + 1)
        expect(facts.invites).toEqual([winner.invite])
        expect(facts.members).toMatchObject([{ userId: winner.user }])
        const deliveries = await storage.lists.deliveries(rivals.map(({ invite }) => invite.id))
        expect(deliveries).toMatchObject([{ inviteId: winner.invite.id }])
        const lines = await Promise.all(
          rivals.map(({ invite: { id } }) => storage.lists.history({ organizationId: org, id, after: null, limit: 9 })),
        )
        expect(lines.flat()).toMatchObject([{ inviteId: winner.invite.id }])
      },
    )

    test('callers that read and try again all get through, and a limit decided on what was read holds', async () => {
      const room = roomIn(subject())
      const outcomes = await Promise.all([...Array(many)].map(() => insertBelow(room, 10)))
      expect(outcomes.filter(Boolean)).toHaveLength(10)
      expect(await room.ask({ pending: 100 })).toMatchObject({ pending: 10, revision: 10 })
      expect(await room.storage.lists.total(listQuery(room.org), 100)).toBe(10)
    })

    test('touches at the same time are all counted', async () => {
      const { storage, org, revision } = roomIn(subject())
      await Promise.all([...Array(many)].map(() => storage.touch(org)))
      expect(await revision()).toBe(many)
    })

    test('migrating again, and several times at once, changes nothing', async () => {
      const room = roomIn(subject())
      const invite = personal(room.org)
      await room.write({ made: [invite] })
      await Promise.all([room.storage.migrate(), room.storage.migrate(), room.storage.migrate()])
      expect(await room.get(invite)).toEqual(invite)
    })

    if (locks) exclusive(subject)
    else {
      test('a store without locks does not pretend to have one', () => {
        expect(subject().storage.withLock).toBeUndefined()
      })
    }
  })
}

/** Read, decide, commit at the revision that was read; again after a conflict. */
async function insertBelow<Tx>({ storage, org, ask }: Room<Tx>, limit: number): Promise<boolean> {
  for (let tries = 0; tries < 500; tries++) {
    const { revision, pending } = await ask({ pending: limit + 1 })
    if (pending >= limit) return false
    if ((await storage.commit(changes(org, revision, { made: [personal(org)] }))) === 'committed') return true
    await sleep(Math.random() * 4)
  }
  throw new Error('no progress')
}

function exclusive<Tx>(subject: () => Subject<Tx>): void {
  const exclusively = <T>(org: string, work: (tx: Tx) => Promise<T>): Promise<T> => {
    const { storage } = subject()
    if (!storage.withLock) throw new Error('this store was announced as one that locks')
    return storage.withLock(org, work)
  }

  test.each([0, 2])('at revision %i, nobody else writes to the organization while one holds its lock', async start => {
    const { storage, org, revision } = roomIn(subject())
    for (let i = 0; i < start; i++) await storage.touch(org)
    let rival: Promise<string> | undefined
    const result = await exclusively(org, async tx => {
      expect(await revision(tx)).toBe(start)
      rival = storage.commit(changes(org, start, { made: [personal(org)] }))
      await sleep(50)
      return storage.commit(changes(org, start, { made: [personal(org)] }), { tx })
    })
    expect([result, await rival]).toEqual(['committed', 'conflict'])
    expect(await revision()).toBe(start + 1)
  })

  test('other organizations are not held up by it', async () => {
    const [held, other] = [roomIn(subject()), roomIn(subject())]
    await exclusively(held.org, async () => {
      await other.write({ made: [personal(other.org)] })
    })
    expect([await held.revision(), await other.revision()]).toEqual([0, 1])
  })

  test('what work with the lock throws undoes what it wrote', async () => {
    const room = roomIn(subject())
    const refusal = new Error('no')
    const failing = exclusively(room.org, async tx => {
      await room.write({ made: [personal(room.org)] }, tx)
      throw refusal
    })
    await expect(failing).rejects.toBe(refusal)
    expect(await room.revision()).toBe(0)
  })

  test(`${many} who work exclusively are all served, one after another`, async () => {
    const room = roomIn(subject())
    const results = await Promise.all(
      [...Array(many)].map(() =>
        exclusively(room.org, async tx => {
          const revision = await room.revision(tx)
          return room.storage.commit(changes(room.org, revision, { made: [personal(room.org)] }), { tx })
        }),
      ),
    )
    expect(new Set(results)).toEqual(new Set(['committed']))
    expect(await room.revision()).toBe(many)
  })
}
