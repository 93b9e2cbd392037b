// In a transaction of the host's: everything joins it, and goes where it goes.
import { describe, expect, test } from 'vitest'
import { changes, delivery, event, kept, listQuery, member, noon, open, personal, unique } from '../../support/make.ts'
import { portrait, roomIn, type Subject } from './subject.ts'

export function joining<Tx>(subject: () => Subject<Tx>): void {
  const transaction = <T>(work: (tx: Tx) => Promise<T>): Promise<T> => {
    const { transaction: begin } = subject()
    if (!begin) throw new Error('this store was announced as one that joins transactions')
    return begin(work)
  }
  const changeOfMind = new Error('the host rolls back')

  describe('joining the host’s transaction', () => {
    test('what the host commits is committed', async () => {
      const room = roomIn(subject())
      const [invite, second] = [personal(room.org), personal(room.org)]
      await transaction(async tx => {
        await room.write({ made: [invite], events: [event(invite)] }, tx)
        await room.write({ made: [second] }, tx)
      })
      expect(await room.get(invite)).toEqual(invite)
      expect(await room.get(second)).toEqual(second)
      expect(await room.revision()).toBe(2)
    })

    test('a rollback takes everything along', async () => {
      const room = roomIn(subject())
      const known = open(room.org)
      await room.write({ made: [known], events: [event(known)], messages: [delivery(known)] })
      const fresh = personal(room.org)
      const asked = { ids: [known.id, fresh.id], users: ['ada'], keys: ['key'] }
      const before = await portrait(room, asked)
      const rolledBack = transaction(async tx => {
        const happened = event(fresh)
        await room.write(
          {
            made: [fresh],
            changed: [{ ...known, role: 'admin' }],
            uses: [{ inviteId: known.id, userId: 'ada', at: noon }],
            members: [member('ada')],
            idempotency: [kept('key')],
            events: [happened, event(known, 'invite.updated')],
            messages: [delivery(fresh)],
            erased: [known.id],
          },
          tx,
        )
        await room.storage.touch(room.org, tx)
        throw changeOfMind
      })
      await expect(rolledBack).rejects.toBe(changeOfMind)
      expect(await portrait(room, asked)).toEqual(before)
      expect(await room.storage.find({ id: fresh.id })).toBeNull()
    })

    test('every read with it sees what it wrote', async () => {
      const room = roomIn(subject())
      const { lists } = room.storage
      const invite = personal(room.org, { codeHash: unique('hash') })
      const email = invite.kind === 'personal' ? invite.recipient.emailKey : null
      const organizationId = room.org
      const rolledBack = transaction(async tx => {
        await room.write(
          { made: [invite], events: [event(invite)], messages: [delivery(invite)], members: [member('ada')] },
          tx,
        )
        expect(await room.revision(tx)).toBe(1)
        expect(await room.get(invite, tx)).toEqual(invite)
        expect(await room.storage.find({ id: invite.id }, tx)).toMatchObject({ organizationId })
        expect(await room.storage.find({ codeHashes: [invite.codeHash!] }, tx)).toMatchObject({ id: invite.id })
        expect(await lists.invites(listQuery(organizationId), tx)).toHaveLength(1)
        expect(await lists.total(listQuery(organizationId), 10, tx)).toBe(1)
        expect(await lists.mine({ email, phone: null, now: noon }, tx)).toHaveLength(1)
        expect(await lists.deliveries([invite.id], tx)).toHaveLength(1)
        expect(await lists.history({ organizationId, id: invite.id, after: null, limit: 9 }, tx)).toHaveLength(1)
        expect(await lists.members({ organizationId, limit: 9, after: null }, tx)).toHaveLength(1)
        expect(await lists.summary({ organizationId, now: noon, since: noon }, tx)).toMatchObject({ members: 1 })
        throw changeOfMind
      })
      await expect(rolledBack).rejects.toBe(changeOfMind)
      expect(await lists.total(listQuery(organizationId), 10)).toBe(0)
    })

    test('a conflict writes nothing, and leaves the transaction fit for more', async () => {
      const room = roomIn(subject())
      const { storage, org } = room
      await storage.touch(org)
      const [stale, fine] = [personal(org), personal(org)]
      await transaction(async tx => {
        expect(await storage.commit(changes(org, 0, { made: [stale] }), { tx })).toBe('conflict')
        expect(await storage.commit(changes(org, 1, { made: [fine] }), { tx })).toBe('committed')
      })
      expect([await room.get(stale), await room.get(fine)]).toEqual([undefined, fine])
      expect(await room.revision()).toBe(2)
    })

    test('beforeCommit gets the host’s own transaction, and is not called on a conflict', async () => {
      const { storage, org } = roomIn(subject())
      const given: Tx[] = []
      await transaction(async tx => {
        await storage.commit(changes(org, 0), { tx, beforeCommit: inner => void given.push(inner) })
        await storage.commit(changes(org, 0), { tx, beforeCommit: inner => void given.push(inner) })
        expect(given).toEqual([tx])
        expect(given[0]).toBe(tx)
      })
    })

    test('what beforeCommit throws reaches the host, whose rollback undoes it', async () => {
      const room = roomIn(subject())
      const refusal = new Error('no')
      const failing = transaction(tx =>
        room.storage.commit(changes(room.org, 0, { made: [personal(room.org)] }), {
          tx,
          beforeCommit: () => {
            throw refusal
          },
        }),
      )
      await expect(failing).rejects.toBe(refusal)
      expect(await room.revision()).toBe(0)
    })

    test('the unique backstop throws there too', async () => {
      const room = roomIn(subject())
      const invite = personal(room.org)
      await room.write({ made: [invite] })
      const twin = personal(room.org, invite.kind === 'personal' ? { recipient: invite.recipient } : {})
      const failing = transaction(tx => room.storage.commit(changes(room.org, 1, { made: [twin] }), { tx }))
      await expect(failing).rejects.toThrow()
      expect(await room.revision()).toBe(1)
    })
  })
}
