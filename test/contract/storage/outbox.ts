// Leasing: who may hold which message, for how long, and what the relay is told of it.
import type { Checked, InviteRecord, LeaseQuery } from 'invitekit'
import { describe, expect, test } from 'vitest'
import { at, changed, changes, delivery, ended, event, noon, open, personal, publication, unique } from '../../support/make.ts'
import { type Make, type Room, roomIn, type Subject, sleep } from './subject.ts'

/** Whatever is due. */
const all = { limit: 10_000, now: at(1000), except: [], lapsed: true } as const

/** Leases everything that is due in the store, of what lapsed one at a time, and shows what is this room's. */
export async function takenOf<Tx>({ storage, org }: Room<Tx>, owner: string, ms = 60_000, query: Partial<LeaseQuery> = {}) {
  const taken = new Map<string, Checked>()
  for (let found = -1; found !== taken.size; ) {
    found = taken.size
    for (const each of await storage.outbox.lease({ owner, ms }, { ...all, ...query })) taken.set(each.message.id, each)
  }
  return [...taken.values()].filter(({ message }) => message.organizationId === org)
}

/** The messages alone. */
export const leaseOf = async <Tx>(room: Room<Tx>, owner: string, ms = 60_000, now: Date | null = at(1000)) =>
  (await takenOf(room, owner, ms, { now })).map(({ message }) => message)

const ids = (rows: readonly { readonly id: string }[]) => rows.map(({ id }) => id)
const short = 60
/** Long enough to be held still when the next statement runs on a busy machine. */
const moment = 400

export function outbox<Tx>(subject: () => Subject<Tx>, make: Make<Tx>): void {
  describe('outbox: leases', () => {
    test('messages are leased oldest first, each with what the relay needs to know', async () => {
      const room = roomIn(subject())
      const invite = personal(room.org, { generation: 3 })
      const happened = event(invite, 'invite.created', { actorId: 'ines', data: { text: 'Zoë 🦊' } })
      const mail = delivery(invite, { target: 'sms', reason: 'reminder', addressHash: unique('mark'), createdAt: at(-1) })
      const hook = publication(happened)
      await room.write({ made: [invite], events: [happened], messages: [mail, hook] })
      const later = delivery(invite, { reason: 'resent' })
      await room.write({ messages: [later] })
      const leased = await leaseOf(room, unique('relay'))
      expect(leased.map(({ attempts, lapses, event, ...row }) => row)).toStrictEqual([mail, hook, later])
      const [, published] = leased
      expect(leased.map(row => row.event === null)).toEqual([true, false, true])
      expect(published?.event).toStrictEqual({ ...happened, sequence: published?.event?.sequence })
      const [line] = await room.storage.lists.history({ organizationId: room.org, id: invite.id, after: null, limit: 1 })
      expect(published?.event?.sequence).toBe(line?.sequence)
    })

    test('what one relay holds is given to no other', async () => {
      const room = roomIn(subject())
      const invite = personal(room.org)
      await room.write({ made: [invite], messages: [delivery(invite), delivery(invite)] })
      expect(await leaseOf(room, unique('relay'))).toHaveLength(2)
      expect(await leaseOf(room, unique('relay'))).toEqual([])
    })

    test('no more are leased than asked for', async () => {
      const { storage, close } = await make()
      const room = roomIn({ storage, close })
      const invite = personal(room.org)
      const messages = [1, 2, 3, 4, 5].map(() => delivery(invite))
      await room.write({ made: [invite], messages })
      const take = (limit: number) => storage.outbox.lease({ owner: unique('relay'), ms: 60_000 }, { ...all, limit })
      const taken = [await take(2), await take(2), await take(2), await take(2)]
      await close()
      expect(taken.map(share => share.map(({ message }) => message.id))).toEqual([
        ids(messages.slice(0, 2)),
        ids(messages.slice(2, 4)),
        ids(messages.slice(4)),
        [],
      ])
    })

    test('relays that lease at the same time share the messages out', async () => {
      const room = roomIn(subject())
      const invite = personal(room.org)
      const messages = [...Array(40)].map(() => delivery(invite))
      await room.write({ made: [invite], messages })
      const shares = await Promise.all(
        [...Array(8)].map((_, i) => room.storage.outbox.lease({ owner: `relay-${i}`, ms: 60_000 }, { ...all, limit: 7 })),
      )
      for (const share of shares) expect(share.length).toBeLessThanOrEqual(7)
      const taken = [...shares.flat(), ...(await takenOf(room, unique('relay')))].map(({ message }) => message)
      expect(ids(taken.filter(row => row.organizationId === room.org)).sort()).toEqual(ids(messages).sort())
    })

    test('a message is due from its createdAt on, by the time that was given', async () => {
      const room = roomIn(subject())
      const invite = personal(room.org)
      await room.write({ made: [invite], messages: [delivery(invite, { createdAt: at(500) })] })
      expect(await leaseOf(room, unique('relay'), 60_000, at(499))).toEqual([])
      expect(await leaseOf(room, unique('relay'), 60_000, at(500))).toHaveLength(1)
    })

    test('without a time, the storage’s own clock says what is due', async () => {
      const room = roomIn(subject())
      const invite = personal(room.org)
      const [past, future] = [delivery(invite), delivery(invite, { createdAt: new Date(Date.now() + 3_600_000) })]
      await room.write({ made: [invite], messages: [past, future] })
      expect(ids(await leaseOf(room, unique('relay'), 60_000, null))).toEqual([past.id])
    })

    test('rows born leased are their owner’s, and free for all when the lease is over', async () => {
      const room = roomIn(subject())
      const owner = unique('relay')
      const invite = personal(room.org)
      const messages = [delivery(invite, { target: unique('channel') })]
      await room.write({ made: [invite], messages, lease: { owner, ms: moment } })
      expect(await room.storage.outbox.check([{ id: messages[0]!.id, owner: owner }])).toHaveLength(1)
      expect(await leaseOf(room, unique('relay'))).toEqual([])
      await sleep(moment + 40)
      expect(ids(await leaseOf(room, unique('relay')))).toEqual(ids(messages))
    })

    test('a lease that is over is given away again, at a time by the machine’s clock and not the one given', async () => {
      const room = roomIn(subject())
      const invite = personal(room.org)
      await room.write({ made: [invite], messages: [delivery(invite, { target: unique('channel') })] })
      expect(await leaseOf(room, unique('relay'), moment)).toHaveLength(1)
      expect(await leaseOf(room, unique('relay'), moment, at(3_600_000))).toEqual([])
      await sleep(moment + 40)
      expect(await leaseOf(room, unique('relay'), short, at(1))).toHaveLength(1)
    })
  })

  describe('outbox: attempts', () => {
    const tries = async <Tx>({ storage }: Room<Tx>, invite: InviteRecord) =>
      (await storage.lists.deliveries([invite.id])).map(({ attempts }) => attempts)

    test('a try is counted when it begins: with the lease, or with the commit that holds its row from the start', async () => {
      const room = roomIn(subject())
      const invite = personal(room.org)
      const owner = unique('relay')
      await room.write({ made: [invite], messages: [delivery(invite)] })
      await room.write({ messages: [delivery(invite)], lease: { owner, ms: 60_000 } })
      expect(await tries(room, invite)).toEqual([0, 1])
      expect(await takenOf(room, owner)).toMatchObject([{ owner, message: { attempts: 1, lapses: 0 } }])
      expect(await tries(room, invite)).toEqual([1, 1])
    })

    test('what its holder releases was not tried, and is free at once; a stranger releases nothing', async () => {
      const room = roomIn(subject())
      const { outbox } = room.storage
      const invite = personal(room.org)
      const [mail, other] = [delivery(invite), delivery(invite)]
      const owner = unique('relay')
      await room.write({ made: [invite], messages: [mail, other], lease: { owner, ms: 60_000 } })
      await outbox.release([])
      await outbox.release([
        { id: mail.id, owner },
        { id: other.id, owner: unique('stranger') },
      ])
      expect(await tries(room, invite)).toEqual([0, 1])
      expect(await outbox.check([{ id: mail.id, owner }])).toEqual([])
      expect(await takenOf(room, unique('relay'))).toMatchObject([{ message: { id: mail.id, attempts: 1, lapses: 0 } }])
    })

    test('after its lease is over a holder can release nothing', async () => {
      const room = roomIn(subject())
      const invite = personal(room.org)
      const [mail] = [delivery(invite, { target: unique('channel') })]
      const owner = unique('relay')
      await room.write({ made: [invite], messages: [mail], lease: { owner, ms: short } })
      await sleep(short + 40)
      await room.storage.outbox.release([{ id: mail.id, owner }])
      expect(await takenOf(room, unique('relay'))).toMatchObject([{ message: { attempts: 1, lapses: 1 } }])
    })

    test('of messages whose lease expired unsettled one is leased at a time, and its attempts are counted apart', async () => {
      const { storage, close } = await make()
      const room = roomIn({ storage, close })
      const invite = personal(room.org)
      const [one, two] = [delivery(invite), delivery(invite, { target: 'sms' })]
      await room.write({ made: [invite], messages: [one, two], lease: { owner: unique('relay'), ms: short } })
      const [fresh, last] = [delivery(invite), delivery(invite)]
      await room.write({ messages: [fresh] })
      await sleep(short + 40)
      const lease = async (ms: number, query: Partial<LeaseQuery> = {}) => {
        const leased = await storage.outbox.lease({ owner: unique('relay'), ms }, { ...all, ...query })
        return leased.map(({ message: { id, attempts, lapses } }) => [id, attempts, lapses])
      }
      expect(await lease(60_000, { lapsed: false })).toEqual([[fresh.id, 1, 0]])
      await room.write({ messages: [last] })
      expect(await lease(short)).toEqual([
        [one.id, 1, 1],
        [last.id, 1, 0],
      ])
      await sleep(short + 40)
      expect(await lease(60_000)).toEqual([[one.id, 1, 2]])
      expect(await lease(60_000)).toEqual([[two.id, 1, 1]])
      expect(await lease(60_000)).toEqual([[last.id, 1, 1]])
      expect(await lease(60_000)).toEqual([])
      await close()
    })

    test('a released message keeps its lapses; a settled attempt clears them', async () => {
      const { storage, close } = await make()
      const room = roomIn({ storage, close })
      const { outbox } = storage
      const invite = personal(room.org)
      const mail = delivery(invite)
      await room.write({ made: [invite], messages: [mail], lease: { owner: unique('relay'), ms: short } })
      await sleep(short + 40)
      const lease = async (query: Partial<LeaseQuery> = {}) => {
        const owner = unique('relay')
        const [leased] = await takenOf(room, owner, 60_000, query)
        return { owner, tries: leased && [leased.message.attempts, leased.message.lapses] }
      }
      for (let round = 0; round < 2; round += 1) {
        const { owner, tries } = await lease()
        expect(tries).toEqual([1, 1])
        await outbox.release([{ id: mail.id, owner }])
        expect((await lease({ lapsed: false })).tries).toBeUndefined()
      }
      const { owner } = await lease()
      const settlement = { id: mail.id, outcome: 'retry', failure: 'busy 421', at: at(30), dueAt: at(500) } as const
      await outbox.settle([{ owner, settlement }], null)
      expect((await lease({ lapsed: false })).tries).toEqual([2, 0])
      await close()
    })

    test('no message of an excepted target is leased, and it takes no place of the limit', async () => {
      const room = roomIn(subject())
      const invite = personal(room.org)
      const [slow, quick] = [unique('slow'), unique('quick')]
      const messages = [slow, slow, slow, quick].map(target => delivery(invite, { target }))
      await room.write({ made: [invite], messages })
      const free = await takenOf(room, unique('relay'), 60_000, { except: [slow, 'another'] })
      expect(free.map(({ message }) => message.id)).toEqual(ids(messages.slice(3)))
      expect(await leaseOf(room, unique('relay'))).toHaveLength(3)
    })
  })

  describe('outbox: check', () => {
    test('tells the message and its invite as they are now', async () => {
      const room = roomIn(subject())
      const owner = unique('relay')
      const invite = personal(room.org)
      const happened = event(invite)
      const [mail, hook] = [delivery(invite), publication(happened)]
      await room.write({ made: [invite], events: [happened], messages: [mail, hook] })
      const leased = await leaseOf(room, owner)
      const now = changed(invite, { role: 'admin', generation: 2 })
      await room.write({ changed: [now] })
      expect(await room.storage.outbox.check([{ id: mail.id, owner: owner }])).toStrictEqual([
        {
          owner: owner,
          invite: now,
          message: leased[0],
          disabled: false,
          suppressing: false,
          templated: false,
          now: expect.any(Date),
        },
      ])
      expect(await room.storage.outbox.check([{ id: hook.id, owner: owner }])).toStrictEqual([
        {
          owner: owner,
          invite: now,
          message: leased[1],
          disabled: false,
          suppressing: false,
          templated: false,
          now: expect.any(Date),
        },
      ])
      const revoked = ended(now, { status: 'revoked', revokedAt: noon, revokedBy: null, revokeReason: null })
      await room.write({ ended: [revoked] })
      expect((await room.storage.outbox.check([{ id: mail.id, owner: owner }]))[0]?.invite).toStrictEqual(revoked)
    })

    test('is null for a stranger, for the unknown, and once the lease is lost', async () => {
      const room = roomIn(subject())
      const { outbox } = room.storage
      const [owner, other] = [unique('relay'), unique('relay')]
      const invite = open(room.org)
      const mail = delivery(invite, { target: unique('channel') })
      await room.write({ made: [invite], messages: [mail] })
      expect(await outbox.check([{ id: mail.id, owner: owner }])).toEqual([])
      await leaseOf(room, owner, short)
      expect(await outbox.check([{ id: mail.id, owner: other }])).toEqual([])
      expect(await outbox.check([{ id: unique('message'), owner: owner }])).toEqual([])
      await sleep(short + 40)
      expect(await outbox.check([{ id: mail.id, owner: owner }])).toEqual([])
      await leaseOf(room, other)
      expect(await outbox.check([{ id: mail.id, owner: owner }])).toEqual([])
      expect(await outbox.check([{ id: mail.id, owner: other }])).toHaveLength(1)
    })

    test('is null for what is settled', async () => {
      const room = roomIn(subject())
      const owner = unique('relay')
      const invite = personal(room.org)
      const mail = delivery(invite)
      await room.write({ made: [invite], messages: [mail], lease: { owner, ms: 60_000 } })
      await room.storage.outbox.settle(
        [{ owner, settlement: { id: mail.id, outcome: 'done', providerId: null, at: noon } }],
        null,
      )
      expect(await room.storage.outbox.check([{ id: mail.id, owner: owner }])).toEqual([])
    })
  })

  describe('outbox: next', () => {
    test('tells when the first unsettled message falls due, and null when there is none', async () => {
      const { storage, close } = await make()
      const { outbox } = storage
      const owner = unique('relay')
      const { org } = roomIn({ storage, close })
      expect(await outbox.next()).toBeNull()
      const invite = personal(org)
      const [first, second] = [delivery(invite, { createdAt: at(10) }), delivery(invite, { createdAt: at(20) })]
      await storage.commit(changes(org, 0, { made: [invite], messages: [second, first] }))
      expect(await outbox.next()).toEqual({ dueAt: at(10) })
      await outbox.lease({ owner, ms: 60_000 }, { ...all, now: at(30) })
      const retry = { id: first.id, outcome: 'retry', failure: 'busy 421', at: at(30), dueAt: at(500) } as const
      const done = { id: second.id, outcome: 'done', providerId: null, at: at(30) } as const
      await outbox.settle([{ owner, settlement: retry }], null)
      await outbox.settle([{ owner, settlement: done }], null)
      expect(await outbox.next()).toEqual({ dueAt: at(500) })
      await outbox.lease({ owner, ms: 60_000 }, { ...all, now: at(500) })
      await outbox.settle([{ owner, settlement: { ...done, id: first.id } }], null)
      expect(await outbox.next()).toBeNull()
      await close()
    })
  })
}
