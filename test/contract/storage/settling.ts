// Settling: what becomes of a message that was tried, that only its holder may say so, and the record that stays.
import { describe, expect, test } from 'vitest'
import type { Settlement } from '../../../src/ports/storage/outbox.ts'
import { at, delivery, event, personal, publication, unique } from '../../support/make.ts'
import { leaseOf } from './outbox.ts'
import { roomIn, type Subject, sleep } from './subject.ts'

const done = (id: string, providerId: string | null = null): Settlement => ({ id, outcome: 'done', providerId, at: at(50) })
const failed = (id: string): Settlement => ({ id, outcome: 'dropped', status: 'failed', failure: 'refused 550', at: at(60) })
const retry = (id: string, dueAt: Date): Settlement => ({ id, outcome: 'retry', failure: 'busy 421', at: at(70), dueAt })
const short = 60

export function settling<Tx>(subject: () => Subject<Tx>): void {
  /** An organization with one invite, and one mail and one event that `owner` holds. */
  const held = async (ms = 60_000) => {
    const room = roomIn(subject())
    const owner = unique('relay')
    const invite = personal(room.org)
    const happened = event(invite)
    const [mail, hook] = [delivery(invite, { target: 'sms', generation: 2, reason: 'resent' }), publication(happened)]
    await room.write({ made: [invite], events: [happened], messages: [mail, hook], lease: { owner, ms } })
    const { outbox, lists } = room.storage
    const settle = (settlement: Settlement, as = owner) => outbox.settle([{ owner: as, settlement }], null)
    const record = async () => (await lists.deliveries([invite.id])).find(row => row.id === mail.id)
    const history = () => lists.history({ organizationId: room.org, id: invite.id, after: null, limit: 100 })
    return { room, owner, invite, mail, hook, outbox, lists, settle, record, history }
  }

  describe('outbox: settling', () => {
    test('a delivery is a record from the start', async () => {
      const { mail, invite, record, lists } = await held()
      expect(await record()).toStrictEqual({
        id: mail.id,
        inviteId: invite.id,
        channel: 'sms',
        generation: 2,
        reason: 'resent',
        status: 'queued',
        attempts: expect.any(Number),
        providerId: null,
        failure: null,
        createdAt: mail.createdAt,
        updatedAt: expect.any(Date),
        sentAt: null,
      })
      expect(await lists.deliveries([])).toEqual([])
    })

    test('deliveries are told of the invites asked for, events never', async () => {
      const [one, two, three] = [await held(), await held(), await held()]
      const rows = await one.lists.deliveries([one.invite.id, two.invite.id])
      expect(rows.map(row => row.id).sort()).toEqual([one.mail.id, two.mail.id].sort())
      expect(rows.map(row => row.id)).not.toContain(three.mail.id)
    })

    test('a delivery that was handed over is sent, and stays as a record', async () => {
      const { room, mail, settle, record } = await held()
      expect(await settle(done(mail.id, 'SM-1 🦊'))).toEqual([mail.id])
      expect(await record()).toMatchObject({
        status: 'sent',
        attempts: 1,
        providerId: 'SM-1 🦊',
        sentAt: at(50),
        updatedAt: at(50),
      })
      expect(await leaseOf(room, unique('relay'))).toEqual([])
    })

    test('an event that was published is gone', async () => {
      const { room, hook, settle, history, owner, outbox } = await held()
      expect(await settle(done(hook.id))).toEqual([hook.id])
      expect(await outbox.check([{ id: hook.id, owner: owner }])).toEqual([])
      expect(await history()).toHaveLength(1)
      expect(await leaseOf(room, unique('relay'), 1, at(9_999_999))).toEqual([])
    })

    test('what is dropped is tried no more; a delivery says why', async () => {
      const { room, mail, hook, settle, record } = await held()
      await settle(failed(mail.id))
      await settle({ id: hook.id, outcome: 'dropped', status: 'failed', failure: 'gone 410', at: at(60) })
      expect(await record()).toMatchObject({ status: 'failed', failure: 'refused 550', sentAt: null, updatedAt: at(60) })
      expect(await leaseOf(room, unique('relay'), 60_000, at(9_999_999))).toEqual([])
    })

    test('a suppressed delivery says so', async () => {
      const { mail, settle, record } = await held()
      await settle({ id: mail.id, outcome: 'dropped', status: 'suppressed', failure: 'unsubscribed', at: at(60) })
      expect(await record()).toMatchObject({ status: 'suppressed', failure: 'unsubscribed' })
    })

    test('a retry is free at its time and not before, for any relay, with one more attempt counted', async () => {
      const { room, owner, mail, hook, settle, record } = await held()
      const first = (await room.storage.outbox.check([{ id: mail.id, owner: owner }]))[0]?.message.attempts
      expect([await settle(retry(mail.id, at(500))), await settle(retry(hook.id, at(600)))]).toEqual([[mail.id], [hook.id]])
      expect(await record()).toMatchObject({ status: 'queued', failure: 'busy 421', updatedAt: at(70) })
      expect(await leaseOf(room, unique('relay'), 60_000, at(499))).toEqual([])
      const other = unique('relay')
      const [again] = await leaseOf(room, other, 60_000, at(500))
      expect(again).toMatchObject({ id: mail.id, attempts: (first ?? 0) + 1 })
      expect(await leaseOf(room, other, 60_000, at(600))).toMatchObject([{ id: hook.id, kind: 'event' }])
      await settle(done(mail.id), other)
      expect(await record()).toMatchObject({ status: 'sent', attempts: 2, failure: null })
    })

    test('who settled for a retry holds it no longer', async () => {
      const { owner, mail, settle, outbox } = await held()
      await settle(retry(mail.id, at(0)))
      expect(await outbox.check([{ id: mail.id, owner: owner }])).toEqual([])
      expect(await settle(done(mail.id))).toEqual([])
    })

    test('only the holder may settle, and only once', async () => {
      const { mail, settle, record } = await held()
      expect(await settle(failed(mail.id), unique('stranger'))).toEqual([])
      expect(await record()).toMatchObject({ status: 'queued' })
      expect([await settle(done(mail.id)), await settle(failed(mail.id))]).toEqual([[mail.id], []])
      expect(await record()).toMatchObject({ status: 'sent' })
      expect(await settle(done(unique('message')))).toEqual([])
    })

    test('a relay that wakes after its lease is over cannot settle', async () => {
      const { room, mail, hook, settle, record } = await held(short)
      await sleep(short + 40)
      expect([await settle(done(mail.id)), await settle(done(hook.id))]).toEqual([[], []])
      const other = unique('relay')
      expect(await leaseOf(room, other)).toHaveLength(2)
      expect(await settle(failed(mail.id))).toEqual([])
      expect(await settle(done(mail.id), other)).toEqual([mail.id])
      expect(await record()).toMatchObject({ status: 'sent' })
    })

    test('settling adds its event, and messages of its own that are free at once', async () => {
      const { room, owner, invite, mail, outbox, history } = await held()
      const sent = event(invite, 'invite.sent', { at: at(50), data: { channel: 'sms' } })
      const hook = publication(sent)
      await outbox.settle([{ owner, settlement: done(mail.id), event: sent, messages: [hook] }], null)
      const lines = await history()
      expect(lines.map(row => row.type)).toEqual(['invite.created', 'invite.sent'])
      expect(lines[1]).toMatchObject(sent)
      expect(await leaseOf(room, unique('relay'))).toMatchObject([
        { id: hook.id, event: { id: sent.id, sequence: lines[1]?.sequence } },
      ])
    })

    test('of what is no longer held, neither event nor message is written', async () => {
      const { room, owner, invite, mail, hook, outbox, history } = await held()
      await outbox.settle([{ owner, settlement: done(mail.id) }], null)
      const late = event(invite, 'invite.delivery_failed')
      const settled = await outbox.settle(
        [
          { owner, settlement: failed(mail.id), event: late, messages: [publication(late)] },
          { owner, settlement: done(hook.id) },
        ],
        null,
      )
      expect(settled).toEqual([hook.id])
      expect(await history()).toHaveLength(1)
      expect(await leaseOf(room, unique('relay'))).toEqual([])
    })

    test('messages that come with a settlement may be leased from the start', async () => {
      const { room, owner, invite, mail, outbox } = await held()
      const sent = event(invite, 'invite.sent')
      const hook = publication(sent)
      const lease = { owner: unique('relay'), ms: 60_000 }
      await outbox.settle([{ owner, settlement: done(mail.id), event: sent, messages: [hook] }], lease)
      expect(await leaseOf(room, unique('relay'))).toEqual([])
      expect(await outbox.check([{ id: hook.id, owner: lease.owner }])).toHaveLength(1)
    })

    test('each is settled only under its own lease', async () => {
      const { owner, mail, hook, outbox } = await held()
      const settled = [
        { owner: unique('relay'), settlement: done(mail.id) },
        { owner, settlement: done(hook.id) },
      ]
      expect(await outbox.settle(settled, null)).toEqual([hook.id])
    })

    test('settling nothing settles nothing', async () => {
      expect(await subject().storage.outbox.settle([], null)).toEqual([])
    })

    test('many are settled together, each by its own outcome', async () => {
      const { room, owner, invite, outbox, lists } = await held()
      const mails = [...Array(30)].map(() => delivery(invite))
      await room.write({ messages: mails, lease: { owner, ms: 60_000 } })
      const outcomes = mails.map(({ id }, i) => [done(id), failed(id), retry(id, at(900))][i % 3]!)
      const settled = await outbox.settle(
        outcomes.map(settlement => ({ owner, settlement })),
        null,
      )
      expect([...settled].sort()).toEqual(mails.map(({ id }) => id).sort())
      const status = new Map((await lists.deliveries([invite.id])).map(row => [row.id, row.status]))
      expect(mails.map(({ id }) => status.get(id))).toEqual(mails.map((_, i) => ['sent', 'failed', 'queued'][i % 3]))
    })

    test('settling leaves the organization’s revision as it is', async () => {
      const { room, mail, settle, outbox } = await held()
      await settle(failed(mail.id))
      await outbox.redeliver(mail.id, at(0))
      expect(await room.revision()).toBe(1)
    })

    test('a failed delivery is due again when it is redelivered, and nothing else is', async () => {
      const { room, mail, hook, settle, record, outbox } = await held()
      expect(await outbox.redeliver(mail.id, at(200))).toBe(false)
      expect(await outbox.redeliver(hook.id, at(200))).toBe(false)
      expect(await outbox.redeliver(unique('message'), at(200))).toBe(false)
      await settle(failed(mail.id))
      expect(await outbox.redeliver(mail.id, at(200))).toBe(true)
      expect(await record()).toMatchObject({ status: 'queued' })
      expect(await leaseOf(room, unique('relay'), 60_000, at(199))).toEqual([])
      const owner = unique('relay')
      expect(await leaseOf(room, owner, 60_000, at(200))).toMatchObject([{ id: mail.id }])
      await settle(done(mail.id), owner)
      expect(await outbox.redeliver(mail.id, at(200))).toBe(false)
    })
  })
}
