// The numbers of one organization: statuses by the clock, members, delivery problems, and the funnel by day.
import { describe, expect, test } from 'vitest'
import { at, changes, delivery, event, member, open, organization, personal, unique } from '../../support/make.ts'
import { roomIn, type Subject } from './subject.ts'

const zero = { pending: 0, accepted: 0, declined: 0, revoked: 0, expired: 0 }
const long = at(-1_000_000_000_000)

export function summary<Tx>(subject: () => Subject<Tx>): void {
  describe('summary', () => {
    test('an organization never written to has a zero for everything', async () => {
      const counts = await subject().storage.lists.summary({ organizationId: organization(), now: at(0), since: long })
      expect(counts).toEqual({ statuses: zero, members: 0, problems: 0, days: [] })
    })

    test('statuses are counted by the clock, and members without the removed', async () => {
      const [room, other] = [roomIn(subject()), roomIn(subject())]
      await other.write({ made: [personal(other.org)], members: [member('a')] })
      await room.write({
        made: [
          personal(room.org),
          open(room.org, { expiresAt: null }),
          personal(room.org, { expiresAt: at(0) }),
          personal(room.org, { standing: { status: 'expired' } }),
          personal(room.org, { standing: { status: 'accepted', acceptedAt: at(0), acceptedBy: 'u' } }),
          personal(room.org, { standing: { status: 'revoked', revokedAt: at(0), revokedBy: null, revokeReason: null } }),
        ],
        members: [member('a'), member('b'), member('c', { removed: true })],
      })
      const at0 = { organizationId: room.org, now: at(0), since: long }
      const counts = await room.storage.lists.summary(at0)
      expect(counts).toMatchObject({ statuses: { pending: 2, accepted: 1, declined: 0, revoked: 1, expired: 2 }, members: 2 })
      const before = await room.storage.lists.summary({ ...at0, now: at(-1) })
      expect(before.statuses).toMatchObject({ pending: 3, expired: 1 })
    })

    test('events are counted by UTC day and type since a time, inclusive, in the order of the days', async () => {
      const room = roomIn(subject())
      const invite = personal(room.org)
      const on = (time: string, type: Parameters<typeof event>[1]) => event(invite, type, { at: new Date(time) })
      await room.write({
        made: [invite],
        events: [
          on('2024-02-29T23:59:59.999Z', 'invite.created'),
          on('2024-03-01T00:00:00.000Z', 'invite.created'),
          on('2024-02-29T00:00:00.000Z', 'invite.created'),
          on('2024-02-29T12:00:00.000Z', 'invite.accepted'),
          on('2024-02-28T23:59:59.999Z', 'invite.created'),
        ],
      })
      const since = new Date('2024-02-29T00:00:00.000Z')
      const { days } = await room.storage.lists.summary({ organizationId: room.org, now: at(0), since })
      expect(days.map(row => row.day)).toEqual([...days.map(row => row.day)].sort())
      expect(days).toHaveLength(3)
      expect(days).toEqual(
        expect.arrayContaining([
          { day: '2024-02-29', type: 'invite.created', count: 2 },
          { day: '2024-02-29', type: 'invite.accepted', count: 1 },
          { day: '2024-03-01', type: 'invite.created', count: 1 },
        ]),
      )
    })

    test('a failed delivery is a problem until it is sent again', async () => {
      const room = roomIn(subject())
      const { storage, org } = room
      const invite = personal(org)
      const [good, bad] = [delivery(invite), delivery(invite)]
      const owner = unique('relay')
      await storage.commit(changes(org, 0, { made: [invite], messages: [good, bad], lease: { owner, ms: 60_000 } }))
      const problems = async () => (await storage.lists.summary({ organizationId: org, now: at(0), since: long })).problems
      expect(await problems()).toBe(0)
      await storage.outbox.settle(
        [
          { owner, settlement: { id: good.id, outcome: 'done', providerId: null, at: at(1) } },
          { owner, settlement: { id: bad.id, outcome: 'dropped', status: 'failed', failure: 'refused 550', at: at(1) } },
        ],
        null,
      )
      expect(await problems()).toBe(1)
      await storage.outbox.redeliver(bad.id, at(2))
      expect(await problems()).toBe(0)
    })
  })
}
