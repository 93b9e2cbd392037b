// Reports of providers, and who wants no more messages: written beside the revision, whole or not at all.
import { describe, expect, test } from 'vitest'
import type { ReportChange } from '../../../src/ports/storage/delivery-reports.ts'
import { at, delivery, event, personal, publication, unique } from '../../support/make.ts'
import { leaseOf } from './outbox.ts'
import { roomIn, type Subject } from './subject.ts'

export function reports<Tx>(subject: () => Subject<Tx>): void {
  /** An organization with one invite and one mail to it, held by `owner`. */
  const held = async () => {
    const room = roomIn(subject())
    const [owner, mark] = [unique('relay'), unique('mark')]
    const invite = personal(room.org)
    const mail = delivery(invite, { addressHash: mark })
    await room.write({ made: [invite], messages: [mail], lease: { owner, ms: 60_000 } })
    const { outbox, lists, suppressions } = room.storage
    const change = (fields: Partial<ReportChange> = {}): ReportChange => ({
      ...{ id: mail.id, organizationId: room.org, from: 'queued', status: 'delivered', failure: null, at: at(90) },
      ...{ events: [], messages: [], suppress: [] },
      ...fields,
    })
    const settle = () =>
      outbox.settle([{ owner, settlement: { id: mail.id, outcome: 'done', providerId: 'SM1', at: at(50) } }], null)
    const row = async () => (await lists.deliveries([invite.id])).find(each => each.id === mail.id)
    const history = async () =>
      (await lists.history({ organizationId: room.org, id: invite.id, after: null, limit: 100 })).map(({ type }) => type)
    return { room, owner, mark, invite, mail, outbox, suppressions, change, settle, row, history }
  }

  describe('outbox: reports', () => {
    test('a delivery is found by its id, with its invite and mark; an event or a stranger is not', async () => {
      const { room, mail, invite, mark, outbox, row } = await held()
      const hook = publication(event(invite))
      await room.write({ messages: [hook] })
      expect(await outbox.delivery(mail.id)).toStrictEqual({ delivery: await row(), addressHash: mark, invite })
      expect([await outbox.delivery(hook.id), await outbox.delivery(unique('id'))]).toEqual([null, null])
    })

    test('a report writes status, events, messages and suppressions at once, and leaves the revision as it is', async () => {
      const { room, invite, mark, outbox, suppressions, change, settle, row, history } = await held()
      await settle()
      const revision = await room.revision()
      const failed = event(invite, 'invite.delivery_failed')
      const hook = publication(failed)
      const lease = { owner: unique('relay'), ms: 60_000 }
      const bounce = change({ from: 'sent', status: 'bounced', failure: 'no such mailbox', events: [failed], messages: [hook] })
      expect(await outbox.report({ ...bounce, suppress: [mark] }, lease)).toBe(true)
      expect(await row()).toMatchObject({
        ...{ status: 'bounced', failure: 'no such mailbox', providerId: 'SM1', attempts: 1 },
        ...{ sentAt: at(50), updatedAt: at(90) },
      })
      expect(await history()).toEqual(['invite.delivery_failed'])
      expect(await outbox.check([{ id: hook.id, owner: lease.owner }])).toHaveLength(1)
      expect(await suppressions.find([{ organizationId: room.org, addressHashes: [mark] }])).toEqual([[mark]])
      expect(await room.revision()).toBe(revision)
    })

    test('a status that was not decided on: nothing is written', async () => {
      const { room, invite, mark, mail, outbox, suppressions, change, settle, row, history } = await held()
      await settle()
      const before = await row()
      const late = event(invite, 'invite.delivery_failed')
      const rows = { events: [late], messages: [publication(late)], suppress: [mark] }
      expect(await outbox.report(change({ from: 'queued', status: 'bounced', ...rows }), null)).toBe(false)
      expect(await outbox.report(change({ id: unique('id'), from: 'sent', ...rows }), null)).toBe(false)
      expect([await row(), await history()]).toEqual([before, []])
      expect(await leaseOf(room, unique('relay'))).toEqual([])
      expect(await suppressions.find([{ organizationId: room.org, addressHashes: [mark] }])).toEqual([[]])
      expect(mail.id).not.toBe(late.id)
    })

    test('what is reported before it is settled is settled by that: not sent again, and its holder comes too late', async () => {
      const { room, mail, owner, outbox, change, settle, row } = await held()
      expect(await outbox.report(change(), null)).toBe(true)
      expect(await outbox.check([{ id: mail.id, owner }])).toEqual([])
      expect(await settle()).toEqual([])
      expect(await row()).toMatchObject({ status: 'delivered', sentAt: at(90) })
      expect(await leaseOf(room, unique('relay'), 60_000, at(9_999_999))).toEqual([])
    })

    test('of reports and a settlement at the same moment one is first, and none is lost unseen', async () => {
      const { outbox, change, settle, row, invite } = await held()
      const bounces = [...Array(6)].map(() => {
        const failed = event(invite, 'invite.delivery_failed')
        return change({ status: 'bounced', events: [failed], messages: [publication(failed)] })
      })
      const [settled, ...reported] = await Promise.all([settle(), ...bounces.map(each => outbox.report(each, null))])
      const won = reported.filter(Boolean).length
      expect(settled.length + won).toBe(1)
      expect(await row()).toMatchObject({ status: won === 1 ? 'bounced' : 'sent' })
    })
  })

  describe('suppressions', () => {
    test('are of one organization and one mark, added once, and taken away', async () => {
      const { storage } = subject()
      const [org, other] = [unique('org'), unique('org')]
      const [a, b, c] = [unique('mark'), unique('mark'), unique('mark')]
      const { add, find, remove } = storage.suppressions
      await add({ organizationId: org, addressHashes: [a, b] }, at(1))
      await add({ organizationId: org, addressHashes: [b] }, at(2))
      await add({ organizationId: other, addressHashes: [c] }, at(1))
      await add({ organizationId: other, addressHashes: [] }, at(1))
      const asked = [
        { organizationId: org, addressHashes: [c, b, a] },
        { organizationId: other, addressHashes: [a, b] },
        { organizationId: other, addressHashes: [c] },
      ]
      expect(await find(asked)).toEqual([[b, a], [], [c]])
      expect(await find([])).toEqual([])
      expect(await remove({ organizationId: org, addressHashes: [a, c] })).toBe(true)
      expect(await remove({ organizationId: org, addressHashes: [a, c] })).toBe(false)
      expect(await find(asked)).toEqual([[b], [], [c]])
    })

    test('a held message tells whether its organization has any', async () => {
      const { room, mail, owner, outbox, suppressions } = await held()
      const other = await held()
      const told = async () => (await outbox.check([{ id: mail.id, owner }])).map(each => each.suppressing)
      await suppressions.add({ organizationId: other.room.org, addressHashes: [unique('mark')] }, at(1))
      expect(await told()).toEqual([false])
      const those = { organizationId: room.org, addressHashes: [unique('mark')] }
      await suppressions.add(those, at(1))
      expect(await told()).toEqual([true])
      await suppressions.remove(those)
      expect(await told()).toEqual([false])
    })
  })
}
