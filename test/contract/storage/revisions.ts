// The revision: what it is at first, when it moves, and that a stale one writes nothing anywhere.
import { describe, expect, test } from 'vitest'
import {
  changed,
  changes,
  delivery,
  ended,
  event,
  kept,
  member,
  noon,
  open,
  organization,
  personal,
  publication,
  question,
} from '../../support/make.ts'
import { isRefused, portrait, roomIn, type Subject } from './subject.ts'

export function revisions<Tx>(subject: () => Subject<Tx>): void {
  describe('revisions', () => {
    test('an organization never written to is at revision 0 and empty', async () => {
      const facts = await subject().storage.read(
        question(organization(), {
          pending: 10,
          seats: 10,
          users: ['u'],
          idempotencyKeys: ['k'],
          inviters: ['u'],
          addressHashes: [organization()],
        }),
      )
      expect(facts).toMatchObject({ revision: 0, now: noon, pending: 0, seats: 0 })
      expect([facts.invites, facts.uses, facts.members, facts.idempotency]).toEqual([[], [], [], []])
      expect(facts.createdToday.size + facts.sentToday.size).toBe(0)
    })

    test('without a time in the question, the storage tells its own', async () => {
      const { now } = await subject().storage.read(question(organization(), { now: null }))
      expect(Math.abs(now.getTime() - Date.now())).toBeLessThan(60_000)
    })

    test('asking leaves nothing behind', async () => {
      const room = roomIn(subject())
      expect([await room.revision(), await room.revision()]).toEqual([0, 0])
      expect(await room.storage.commit(changes(room.org, 0))).toBe('committed')
    })

    test('each commit at the right revision bumps it by one', async () => {
      const { storage, org, revision } = roomIn(subject())
      for (const expected of [1, 2, 3]) {
        expect(await storage.commit(changes(org, expected - 1, { made: [personal(org)] }))).toBe('committed')
        expect(await revision()).toBe(expected)
      }
    })

    test('the revision of one organization is not that of another', async () => {
      const room = roomIn(subject())
      const other = roomIn(subject())
      await room.write({})
      expect([await room.revision(), await other.revision()]).toEqual([1, 0])
    })

    test.each([
      ['behind', -1],
      ['ahead', 1],
    ])('a revision that is %s is a conflict, and nothing is written in any table', async (_, off) => {
      const room = roomIn(subject())
      const { storage, org } = room
      const known = personal(org, { inviterId: 'ines' })
      await room.write({
        made: [known],
        events: [event(known)],
        messages: [delivery(known)],
        members: [member('ines')],
        idempotency: [kept('key')],
      })
      const fresh = open(org)
      const happened = event(known, 'invite.revoked')
      const asked = { ids: [known.id, fresh.id], users: ['ines', 'zoe'], keys: ['key', 'other'] }
      const before = await portrait(room, asked)
      const stale = changes(org, 1 + off, {
        ended: [ended(known, { status: 'revoked', revokedAt: noon, revokedBy: null, revokeReason: null })],
        made: [fresh],
        uses: [{ inviteId: fresh.id, userId: 'zoe', at: noon }],
        members: [member('ines', { role: 'admin' }), member('zoe')],
        idempotency: [kept('other')],
        events: [happened, event(fresh)],
        messages: [delivery(fresh), publication(happened)],
        erased: [known.id],
      })
      expect(await storage.commit(stale)).toBe('conflict')
      expect(await portrait(room, asked)).toEqual(before)
    })

    test('the same commit twice is committed once', async () => {
      const { storage, org, revision } = roomIn(subject())
      const commit = changes(org, 0, { made: [personal(org)] })
      expect([await storage.commit(commit), await storage.commit(commit)]).toEqual(['committed', 'conflict'])
      expect(await revision()).toBe(1)
    })

    test('a first commit that is not at revision 0 is a conflict', async () => {
      const { storage, org, revision } = roomIn(subject())
      expect(await storage.commit(changes(org, 1, { made: [personal(org)] }))).toBe('conflict')
      expect(await revision()).toBe(0)
    })

    test('touch bumps the revision whatever it is, so that decisions made before it conflict', async () => {
      const { storage, org, revision } = roomIn(subject())
      await storage.touch(org)
      expect(await revision()).toBe(1)
      await storage.touch(org)
      expect(await storage.commit(changes(org, 1))).toBe('conflict')
      expect(await storage.commit(changes(org, 2))).toBe('committed')
    })

    test('an invite that is known is changed in place', async () => {
      const room = roomIn(subject())
      const invite = personal(room.org)
      await room.write({ made: [invite] })
      await room.write({ changed: [changed(invite, { role: 'admin', sendCount: 3 })] })
      expect(await room.get(invite)).toEqual(changed(invite, { role: 'admin', sendCount: 3 }))
    })

    test('an ended invite that is not known throws, and nothing is written', async () => {
      const room = roomIn(subject())
      const { storage, org } = room
      const ghost = personal(org, { standing: { status: 'expired' } })
      const neighbour = personal(org)
      await expect(storage.commit(changes(org, 0, { ended: [ghost], made: [neighbour] }))).rejects.toThrow()
      expect(await room.get(neighbour)).toBeUndefined()
      expect(await room.revision()).toBe(0)
    })

    test('an invite of another organization is never overwritten', async () => {
      const theirs = roomIn(subject())
      const ours = roomIn(subject())
      const invite = personal(theirs.org)
      await theirs.write({ made: [invite] })
      const taken = personal(ours.org, { id: invite.id, role: 'owner' })
      await expect(ours.storage.commit(changes(ours.org, 0, { changed: [taken] }))).rejects.toThrow()
      expect(await isRefused(ours.storage.commit(changes(ours.org, 0, { made: [taken] })))).toBe(true)
      expect(await theirs.get(invite)).toEqual(invite)
      expect(await ours.revision()).toBe(0)
    })
  })
}
