// What a read counts: live invites and members up to a bound, and what one person or address had in a day.
import { describe, expect, test } from 'vitest'
import { at, day, delivery, event, member, open, personal, publication, unique } from '../../support/make.ts'
import { roomIn, type Subject } from './subject.ts'

export function counts<Tx>(subject: () => Subject<Tx>): void {
  describe('counts', () => {
    test('pending invites are counted up to the bound, and not at all without one', async () => {
      const room = roomIn(subject())
      await room.write({ made: [...Array(5)].map(() => personal(room.org)) })
      const counted = async (pending: number | null) => (await room.ask({ pending })).pending
      expect(await Promise.all([null, 0, 1, 4, 5, 6, 1000].map(counted))).toEqual([0, 0, 1, 4, 5, 5, 5])
    })

    test('only what is pending by the clock is counted: until expiresAt, exclusive, or for ever', async () => {
      const room = roomIn(subject())
      await room.write({
        made: [
          personal(room.org, { expiresAt: at(0) }),
          personal(room.org, { expiresAt: at(-1) }),
          personal(room.org, { expiresAt: at(1) }),
          personal(room.org, { expiresAt: null }),
          open(room.org),
          personal(room.org, { standing: { status: 'expired' } }),
          personal(room.org, { standing: { status: 'accepted', acceptedAt: at(0), acceptedBy: 'u' } }),
          personal(room.org, { standing: { status: 'declined', declinedAt: at(0), declineReason: null } }),
        ],
      })
      expect((await room.ask({ pending: 100 })).pending).toBe(3)
      expect((await room.ask({ pending: 100, now: at(-2) })).pending).toBe(5)
      expect((await room.ask({ pending: 100, now: at(1) })).pending).toBe(2)
      expect((await room.ask({ pending: 100, now: at(9000 * day) })).pending).toBe(1)
    })

    test('those past their time take no room in a bounded count', async () => {
      const room = roomIn(subject())
      const stale = [...Array(20)].map(() => personal(room.org, { expiresAt: at(-day) }))
      await room.write({ made: [...stale, personal(room.org), personal(room.org, { expiresAt: null })] })
      expect((await room.ask({ pending: 3 })).pending).toBe(2)
    })

    test('seats are the members that were not removed, up to the bound', async () => {
      const room = roomIn(subject())
      await room.write({ members: ['a', 'b', 'c', 'd'].map(userId => member(userId, { removed: userId === 'd' })) })
      const counted = async (seats: number | null) => (await room.ask({ seats })).seats
      expect(await Promise.all([null, 0, 2, 3, 9].map(counted))).toEqual([0, 0, 2, 3, 3])
    })

    test('made: what an inviter created and resent within a day, and when the first of it was', async () => {
      const room = roomIn(subject())
      const invite = personal(room.org)
      const by = (actorId: string | null, type: Parameters<typeof event>[1], ms: number) =>
        event(invite, type, { actorId, at: at(ms) })
      await room.write({
        made: [invite],
        events: [
          by('ines', 'invite.created', -day + 1),
          by('ines', 'invite.resent', -5),
          by('ines', 'invite.created', -day),
          by('ines', 'invite.resent', -2 * day),
          by('ines', 'invite.revoked', -1),
          by('ines', 'invite.updated', -1),
          by('otto', 'invite.created', -3),
          by(null, 'invite.created', -3),
        ],
      })
      const { createdToday } = await room.ask({ inviters: ['ines', 'idle'] })
      expect(createdToday.get('ines')).toEqual({ count: 2, oldest: at(-day + 1) })
      expect(createdToday.get('idle')?.count ?? 0).toBe(0)
      expect(createdToday.has('otto')).toBe(false)
      expect((await room.ask()).createdToday.size).toBe(0)
    })

    test('made counts one organization only', async () => {
      const [ours, theirs] = [roomIn(subject()), roomIn(subject())]
      const inviter = unique('ines')
      for (const room of [ours, theirs]) {
        const invite = personal(room.org)
        await room.write({ made: [invite], events: [event(invite, 'invite.created', { actorId: inviter })] })
      }
      expect((await ours.ask({ inviters: [inviter] })).createdToday.get(inviter)?.count).toBe(1)
    })

    test('sends: the messages to a mark within a day, over all organizations', async () => {
      const [ours, theirs] = [roomIn(subject()), roomIn(subject())]
      const [mark, other, idle] = [unique('mark'), unique('mark'), unique('mark')]
      for (const room of [ours, theirs]) {
        const invite = personal(room.org)
        const to = (to: string, ms: number) => delivery(invite, { addressHash: to, createdAt: at(ms) })
        await room.write({ made: [invite], messages: [to(mark, -day + 1), to(mark, -1), to(mark, -day), to(other, 0)] })
      }
      const { sentToday } = await ours.ask({ addressHashes: [mark, idle] })
      expect(sentToday.get(mark)).toEqual({ count: 4, oldest: at(-day + 1) })
      expect(sentToday.get(idle)?.count ?? 0).toBe(0)
      expect(sentToday.has(other)).toBe(false)
    })

    test('sends: to the marks that messages of an invite had, over all organizations, beside those that are named', async () => {
      const [ours, theirs] = [roomIn(subject()), roomIn(subject())]
      const [mark, second, named, other] = [unique('mark'), unique('mark'), unique('mark'), unique('mark')]
      const [asked, not] = [personal(ours.org), personal(ours.org)]
      const to = (invite: typeof asked, to: string | null, ms: number) =>
        delivery(invite, { addressHash: to, createdAt: at(ms) })
      const messages = [
        to(asked, mark, -2 * day),
        to(asked, mark, -5),
        to(asked, second, -3),
        to(asked, null, -1),
        to(not, other, -1),
      ]
      await ours.write({ made: [asked, not], messages })
      const elsewhere = personal(theirs.org)
      await theirs.write({ made: [elsewhere], messages: [to(elsewhere, mark, -9), to(elsewhere, named, -1)] })
      const { sentToday } = await ours.ask({ sentTo: [asked.id] })
      expect(new Map(sentToday)).toEqual(
        new Map([
          [mark, { count: 2, oldest: at(-9) }],
          [second, { count: 1, oldest: at(-3) }],
        ]),
      )
      expect([...(await ours.ask({ sentTo: [asked.id], addressHashes: [named] })).sentToday.keys()].sort()).toEqual(
        [mark, second, named].sort(),
      )
      expect((await ours.ask({ sentTo: [personal(ours.org).id] })).sentToday.size).toBe(0)
    })

    test('sends are counted still when they were handed over, and when their invite was revoked', async () => {
      const room = roomIn(subject())
      const mark = unique('mark')
      const invite = personal(room.org)
      const happened = event(invite)
      const mail = delivery(invite, { addressHash: mark })
      const owner = unique('relay')
      await room.write({
        made: [invite],
        events: [happened],
        messages: [mail, publication(happened)],
        lease: { owner, ms: 60_000 },
      })
      const done = { id: mail.id, outcome: 'done', providerId: null, at: at(1) } as const
      expect(await room.storage.outbox.settle([{ owner, settlement: done }], null)).toEqual([mail.id])
      expect((await room.ask({ addressHashes: [mark] })).sentToday.get(mark)?.count).toBe(1)
    })
  })
}
