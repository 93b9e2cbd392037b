// What a read answers: what was asked for, what comes along with it, and nothing of anybody else's.
import { describe, expect, test } from 'vitest'
import {
  at,
  byEmail,
  byPhone,
  day,
  type Fields,
  fact,
  inviteId,
  kept,
  member,
  open,
  personal,
  unique,
} from '../../support/make.ts'
import { roomIn, type Subject } from './subject.ts'

const ids = (rows: readonly { readonly id: string }[]) => rows.map(({ id }) => id).sort()
const states: readonly NonNullable<Fields['standing']>[] = [
  { status: 'expired' },
  { status: 'accepted', acceptedAt: at(0), acceptedBy: 'u' },
  { status: 'declined', declinedAt: at(0), declineReason: null },
  { status: 'revoked', revokedAt: at(0), revokedBy: null, revokeReason: null },
]

export function facts<Tx>(subject: () => Subject<Tx>): void {
  describe('facts: invites', () => {
    test('an invite is found by id in every state, and an unknown id finds nothing', async () => {
      const room = roomIn(subject())
      const rows = [personal(room.org), ...states.map(standing => personal(room.org, { standing }))]
      await room.write({ made: rows })
      const found = await room.ask({ ids: [...rows.map(({ id }) => id), inviteId()] })
      expect(ids(found.invites)).toEqual(ids(rows))
    })

    test('an invite of another organization is not found, neither by id nor by address', async () => {
      const [ours, theirs] = [roomIn(subject()), roomIn(subject())]
      const recipient = { ...byEmail(), ...byPhone(), email: 'x' }
      const invite = personal(theirs.org, { recipient: { ...recipient, emailKey: byEmail().emailKey } })
      await theirs.write({ made: [invite] })
      const { emailKey, phoneKey } = invite.kind === 'personal' ? invite.recipient : recipient
      const asked = { ids: [invite.id], emails: [emailKey!], phones: [phoneKey!], pending: 10 }
      expect((await ours.ask(asked)).invites).toEqual([])
      expect((await ours.ask(asked)).pending).toBe(0)
      expect((await theirs.ask(asked)).invites).toEqual([invite])
    })

    test('by address only pending invites are found, those past their time included', async () => {
      const room = roomIn(subject())
      const [mail, phone, late] = [byEmail(), byPhone(), byEmail()]
      const rows = [
        personal(room.org, { recipient: mail }),
        personal(room.org, { recipient: phone }),
        personal(room.org, { recipient: late, expiresAt: at(-day) }),
      ]
      const dead = [mail, phone].flatMap(recipient => states.map(standing => personal(room.org, { recipient, standing })))
      await room.write({ made: [...rows, ...dead, personal(room.org)] })
      const found = await room.ask({ emails: [mail.emailKey!, late.emailKey!], phones: [phone.phoneKey!] })
      expect(ids(found.invites)).toEqual(ids(rows))
    })

    test('one found in several ways comes once', async () => {
      const room = roomIn(subject())
      const recipient = { ...byEmail(), phone: '1', phoneKey: byPhone().phoneKey }
      const invite = personal(room.org, { recipient })
      await room.write({ made: [invite] })
      const asked = { ids: [invite.id, invite.id], emails: [recipient.emailKey!], phones: [recipient.phoneKey!] }
      expect((await room.ask(asked)).invites).toEqual([invite])
    })

    test('with an invite found by id come the pending ones at its e-mail or phone', async () => {
      const room = roomIn(subject())
      const [mail, phone] = [byEmail(), byPhone()]
      const dead = personal(room.org, {
        recipient: { ...mail, phone: phone.phone, phoneKey: phone.phoneKey },
        standing: { status: 'expired' },
      })
      const heirs = [personal(room.org, { recipient: mail }), personal(room.org, { recipient: phone })]
      const others = [personal(room.org), personal(room.org, { recipient: mail, standing: { status: 'expired' } })]
      await room.write({ made: [dead, ...heirs, ...others, open(room.org)] })
      expect(ids((await room.ask({ ids: [dead.id] })).invites)).toEqual(ids([dead, ...heirs]))
    })

    test('with an open invite comes nobody else', async () => {
      const room = roomIn(subject())
      const invite = open(room.org)
      await room.write({ made: [invite, open(room.org), personal(room.org), personal(room.org, { recipient: byPhone() })] })
      expect((await room.ask({ ids: [invite.id] })).invites).toEqual([invite])
    })
  })

  describe('facts: people', () => {
    test('uses come for the users and invites that were asked for, and no others', async () => {
      const room = roomIn(subject())
      const [one, two] = [open(room.org), open(room.org)]
      const use = (inviteId: typeof one.id, userId: string, ms: number) => ({ inviteId, userId, at: at(ms) })
      await room.write({
        made: [one, two],
        uses: [use(one.id, 'ada', 1), use(one.id, 'bob', 2), use(two.id, 'ada', 3), use(two.id, 'eve', 4)],
      })
      expect((await room.ask({ ids: [one.id], users: ['ada', 'eve'] })).uses).toEqual([use(one.id, 'ada', 1)])
      expect((await room.ask({ ids: [one.id] })).uses).toEqual([])
      expect((await room.ask({ users: ['ada'] })).uses).toEqual([])
    })

    test('a user uses an invite once: a second row throws, and nothing is written', async () => {
      const room = roomIn(subject())
      const invite = open(room.org)
      const use = { inviteId: invite.id, userId: 'ada', at: at(0) }
      await room.write({ made: [invite], uses: [use] })
      await expect(room.write({ uses: [use], idempotency: [kept('key')] })).rejects.toThrow()
      expect(await room.ask({ idempotencyKeys: ['key'] })).toMatchObject({ revision: 1, idempotency: [] })
    })

    test('members come by user, by e-mail and by phone', async () => {
      const room = roomIn(subject())
      const [{ emailKey }, { phoneKey }] = [byEmail(), byPhone()]
      await room.write({
        members: [member('ada'), member('bob', { emailKey }), member('cyd', { phoneKey, role: 'admin' }), member('dan')],
      })
      const found = await room.ask({ users: ['ada', 'nobody'], emails: [emailKey!], phones: [phoneKey!] })
      expect([...found.members].sort((a, b) => (a.userId < b.userId ? -1 : 1))).toStrictEqual([
        fact('ada'),
        fact('bob', { emailKey }),
        fact('cyd', { phoneKey, role: 'admin' }),
      ])
    })

    test('a member written again is changed, and one that was removed is still told of, as removed', async () => {
      const room = roomIn(subject())
      await room.write({ members: [member('ada'), member('bob')] })
      await room.write({ members: [member('ada', { role: 'admin' }), member('bob', { removed: true })] })
      const { members } = await room.ask({ users: ['ada', 'bob'] })
      expect(members).toHaveLength(2)
      expect(members).toEqual(expect.arrayContaining([fact('ada', { role: 'admin' }), fact('bob', { removed: true })]))
    })

    test.each([false, true])('with an invite found by id comes its inviter as a member (removed: %s)', async removed => {
      const room = roomIn(subject())
      const invite = personal(room.org, { inviterId: 'ines' })
      await room.write({ made: [invite], members: [member('ines', { role: 'owner', removed }), member('else')] })
      expect((await room.ask({ ids: [invite.id] })).members).toEqual([fact('ines', { role: 'owner', removed })])
    })

    test('a member of one organization is nobody in another', async () => {
      const [ours, theirs] = [roomIn(subject()), roomIn(subject())]
      const invite = personal(ours.org, { inviterId: 'ines' })
      await theirs.write({ members: [member('ines')] })
      await ours.write({ made: [invite] })
      expect(await ours.ask({ ids: [invite.id], users: ['ines'], seats: 10 })).toMatchObject({ members: [], seats: 0 })
    })

    test('when members live in the host’s table, none are read or counted', async () => {
      const room = roomIn(subject())
      const invite = personal(room.org, { inviterId: 'ines' })
      await room.write({ made: [invite], members: [member('ines')] })
      const found = await room.ask({ ids: [invite.id], users: ['ines'], seats: 10, members: false })
      expect(found).toMatchObject({ members: [], seats: 0, invites: [invite] })
    })

    test('old answers go with a commit that keeps others, those of the organization alone, and one may be kept anew', async () => {
      const [ours, theirs] = [roomIn(subject()), roomIn(subject())]
      const old = ['a', 'b', 'c'].map(key => kept(key, { at: at(-day) }))
      await ours.write({ idempotency: [...old, kept('young', { at: at(-1) })] })
      await theirs.write({ idempotency: old })
      await ours.write({ idempotency: [kept('a', { answer: 'anew' })], expireBefore: at(-day + 1) })
      const keys = ['a', 'b', 'c', 'young', 'd', 'e']
      expect((await ours.ask({ idempotencyKeys: keys })).idempotency.map(({ key, answer }) => [key, answer]).sort()).toEqual([
        ['a', 'anew'],
        ['young', { ok: true }],
      ])
      expect((await theirs.ask({ idempotencyKeys: keys })).idempotency).toHaveLength(3)
      const invites = Array.from({ length: 9 }, () => personal(theirs.org))
      await theirs.write({ made: invites, idempotency: [kept('d'), kept('b', { answer: 'anew' })], expireBefore: at(0) })
      expect((await theirs.ask({ idempotencyKeys: keys })).idempotency.map(({ key }) => key).sort()).toEqual(['b', 'd'])
    })

    test('kept answers come by key, within the organization', async () => {
      const [ours, theirs] = [roomIn(subject()), roomIn(subject())]
      const key = unique('key')
      await ours.write({ idempotency: [kept(key, { answer: 'ours' }), kept('other')] })
      await theirs.write({ idempotency: [kept(key, { answer: 'theirs' })] })
      expect((await ours.ask({ idempotencyKeys: [key, 'unknown'] })).idempotency).toEqual([kept(key, { answer: 'ours' })])
    })
  })
}
