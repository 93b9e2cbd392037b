// Erasing: what was stored of a person goes with the commit, and the facts of the invite stay.
import { describe, expect, test } from 'vitest'
import { nobody } from '../../../src/domain/invite.ts'
import {
  at,
  byEmail,
  changes,
  delivery,
  emailKey,
  ended,
  event,
  kept,
  noon,
  personal,
  publication,
  unique,
} from '../../support/make.ts'
import { leaseOf } from './outbox.ts'
import { roomIn, type Subject } from './subject.ts'

export function erasing<Tx>(subject: () => Subject<Tx>): void {
  const scene = async () => {
    const room = roomIn(subject())
    const email = emailKey()
    const [invite, other] = [personal(room.org, { recipient: byEmail(email) }), personal(room.org)]
    const rows = [event(invite, 'invite.created', { actorId: 'ines' }), event(invite, 'invite.updated'), event(other)]
    const [sent, queued, mail] = [delivery(invite), delivery(invite), delivery(other)]
    const owner = unique('relay')
    await room.write({ made: [invite, other], events: rows, messages: [sent], lease: { owner, ms: 60_000 } })
    await room.storage.outbox.settle(
      [{ owner, settlement: { id: sent.id, outcome: 'done', providerId: null, at: noon } }],
      null,
    )
    const [waiting, others] = [publication(rows[1]!), publication(rows[2]!)]
    await room.write({ messages: [queued, mail, waiting, others] })
    const revoked = ended(
      invite,
      { status: 'revoked', revokedAt: at(9), revokedBy: null, revokeReason: null },
      { erasedAt: at(9) },
    )
    const bare = revoked.kind === 'personal' ? { ...revoked, recipient: nobody } : revoked
    const erased = event(invite, 'invite.erased', { at: at(9), data: { id: invite.id } })
    const commit = changes(room.org, 2, {
      ended: [bare],
      events: [erased],
      messages: [publication(erased)],
      erased: [invite.id],
    })
    const history = (id: typeof invite.id) =>
      room.storage.lists.history({ organizationId: room.org, id, after: null, limit: 100 })
    return { room, email, invite, other, rows, sent, queued, mail, others, bare, erased, commit, history }
  }

  describe('erasing', () => {
    test('stored details of the invite’s history are blank, and its lines stay', async () => {
      const { room, invite, other, rows, erased, commit, history } = await scene()
      expect(await room.storage.commit(commit)).toBe('committed')
      const lines = await history(invite.id)
      expect(lines.map(row => row.id)).toEqual([rows[0]?.id, rows[1]?.id, erased.id])
      expect(lines.slice(0, 2).map(row => row.data)).toEqual([{}, {}])
      expect(lines[0]).toMatchObject({ type: 'invite.created', actorId: 'ines', at: noon })
      expect((await history(other.id))[0]?.data).toEqual(rows[2]?.data)
    })

    test('its waiting deliveries and events are gone, those sent and those of others stay', async () => {
      const { room, invite, other, sent, mail, others, erased, commit } = await scene()
      await room.storage.commit(commit)
      const deliveries = await room.storage.lists.deliveries([invite.id, other.id])
      expect(deliveries.map(row => row.id).sort()).toEqual([sent.id, mail.id].sort())
      const leased = await leaseOf(room, unique('relay'))
      expect(leased.map(row => row.id).slice(0, 2)).toEqual([mail.id, others.id])
      expect(leased.map(row => row.eventId)).toEqual([null, others.eventId, erased.id])
    })

    test('what a relay holds of it is taken from its hands', async () => {
      const { room, queued, commit } = await scene()
      const owner = unique('relay')
      await leaseOf(room, owner)
      await room.storage.commit(commit)
      expect(await room.storage.outbox.check([{ id: queued.id, owner: owner }])).toEqual([])
      const done = { id: queued.id, outcome: 'done', providerId: null, at: noon } as const
      expect(await room.storage.outbox.settle([{ owner, settlement: done }], null)).toEqual([])
    })

    test('stored answers that tell of it are forgotten, but not the one of this commit', async () => {
      const { room, invite, other, commit } = await scene()
      const told = { outcome: 'created', invites: [{ id: invite.id }] }
      await room.write({ idempotency: [kept('told', { answer: told }), kept('other', { answer: { id: other.id } })] })
      const own = kept('own', { answer: { erased: invite.id } })
      expect(await room.storage.commit({ ...commit, revision: 3, idempotency: [own] })).toBe('committed')
      const left = await room.ask({ idempotencyKeys: ['told', 'other', 'own'] })
      expect(left.idempotency.map(({ key }) => key).sort()).toEqual(['other', 'own'])
    })

    test('the invite is stored as it was handed in, and no address finds it', async () => {
      const { room, email, invite, bare, commit } = await scene()
      await room.storage.commit(commit)
      expect(await room.get(invite)).toEqual(bare)
      expect(await room.storage.lists.addressed({ email })).toEqual([])
    })
  })
}
