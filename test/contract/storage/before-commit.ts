// `beforeCommit`: the caller's own writes in the transaction of a commit, all of them or none.
import { describe, expect, test } from 'vitest'
import { changes, delivery, event, member, noon, personal } from '../../support/make.ts'
import { portrait, roomIn, type Subject, sleep, type Traits } from './subject.ts'

export function beforeCommit<Tx>(subject: () => Subject<Tx>, { awaits }: Traits): void {
  describe('beforeCommit', () => {
    test('runs once in a commit that succeeds, with the transaction', async () => {
      const { storage, org, revision } = roomIn(subject())
      const given: Tx[] = []
      const commit = changes(org, 0, { made: [personal(org)] })
      expect(await storage.commit(commit, { beforeCommit: tx => void given.push(tx) })).toBe('committed')
      expect(given).toHaveLength(1)
      expect(given[0]).toBeTruthy()
      expect(await revision()).toBe(1)
    })

    test('is not called on a conflict', async () => {
      const { storage, org } = roomIn(subject())
      let calls = 0
      expect(await storage.commit(changes(org, 7), { beforeCommit: () => void calls++ })).toBe('conflict')
      expect(calls).toBe(0)
    })

    test('is not called when the rows cannot be written', async () => {
      const { storage, org } = roomIn(subject())
      let calls = 0
      const ghost = personal(org, { standing: { status: 'expired' } })
      await expect(storage.commit(changes(org, 0, { ended: [ghost] }), { beforeCommit: () => void calls++ })).rejects.toThrow()
      expect(calls).toBe(0)
    })

    test('what it throws reaches the caller as it is, and undoes everything', async () => {
      const room = roomIn(subject())
      const { storage, org } = room
      const known = personal(org)
      await room.write({ made: [known], events: [event(known)], messages: [delivery(known)] })
      const asked = { ids: [known.id], users: ['ada'] }
      const before = await portrait(room, asked)
      const refusal = new Error('the host says no')
      const accepted = personal(org, { ...known, standing: { status: 'accepted', acceptedAt: noon, acceptedBy: 'ada' } })
      const commit = changes(org, 1, {
        ended: [accepted],
        made: [personal(org)],
        members: [member('ada')],
        events: [event(known, 'invite.accepted')],
        messages: [delivery(known)],
        erased: [known.id],
      })
      const failing = storage.commit(commit, {
        beforeCommit: () => {
          throw refusal
        },
      })
      await expect(failing).rejects.toBe(refusal)
      expect(await portrait(room, asked)).toEqual(before)
      expect(await storage.commit(changes(org, 1))).toBe('committed')
    })

    if (awaits) awaited(subject)
    else {
      test('a promise is refused, and everything undone: this store’s transactions are one tick', async () => {
        const { storage, org, revision } = roomIn(subject())
        await expect(storage.commit(changes(org, 0), { beforeCommit: async () => {} })).rejects.toThrow()
        expect(await revision()).toBe(0)
      })
    }
  })
}

function awaited<Tx>(subject: () => Subject<Tx>): void {
  test('is waited for before anything shows to others, and sees the rows itself', async () => {
    const room = roomIn(subject())
    const invite = personal(room.org)
    const seen: unknown[] = []
    const commit = changes(room.org, 0, { made: [invite], events: [event(invite)] })
    await room.storage.commit(commit, {
      beforeCommit: async tx => {
        await sleep(20)
        seen.push(await room.get(invite, tx), await room.revision(tx))
        seen.push(await room.get(invite), await room.revision())
      },
    })
    expect(seen).toEqual([invite, 1, undefined, 0])
    expect(await room.get(invite)).toEqual(invite)
  })

  test('a promise that it rejects undoes everything', async () => {
    const room = roomIn(subject())
    const invite = personal(room.org)
    const failing = room.storage.commit(changes(room.org, 0, { made: [invite] }), {
      beforeCommit: async () => {
        await sleep(5)
        throw new Error('the host says no')
      },
    })
    await expect(failing).rejects.toThrow('the host says no')
    expect([await room.get(invite), await room.revision()]).toEqual([undefined, 0])
  })

  test('a commit that comes meanwhile waits, and then conflicts', async () => {
    const { storage, org, revision } = roomIn(subject())
    await storage.touch(org)
    let calls = 0
    let rival: Promise<string> | undefined
    const slow = storage.commit(changes(org, 1, { made: [personal(org)] }), {
      beforeCommit: async () => {
        rival = storage.commit(changes(org, 1, { made: [personal(org)] }), { beforeCommit: () => void calls++ })
        await sleep(50)
      },
    })
    expect([await slow, await rival]).toEqual(['committed', 'conflict'])
    expect([calls, await revision()]).toEqual([0, 2])
  })
}
