// The rows themselves: every field comes back as it was given, in every state, and is nobody's to change.
import { uuidv7 } from 'uuidv7'
import { describe, expect, test } from 'vitest'
import type { InviteFields, Json, RecipientRecord, StatusFields, Use } from '../../../src/domain/invite.ts'
import type { EventRow, MemberRow, MessageRow } from '../../../src/ports/storage/rows.ts'
import {
  at,
  changes,
  delivery,
  emailKey,
  kept,
  listQuery,
  member,
  noon,
  open,
  personal,
  phoneKey,
  question,
  unique,
} from '../../support/make.ts'
import { roomIn, type Subject } from './subject.ts'

const odd = 'Zoë "O\'Hara" \\ %_ 🦊👩‍👩‍👧 \u05e9\u05dc\u05d5\u05dd\n\ttab; drop table invites; -- $1 ? :x {}'

const json = {
  text: odd,
  empty: '',
  'key with "quotes" 🦊': { deep: [1, -2.5, 1e21, 9007199254740991, true, false, null, [], {}, ['x', { y: [null] }]] },
  date: '2024-05-06T12:00:00.123Z',
  number: '007',
}

const standings: readonly (readonly [string, StatusFields])[] = [
  ['pending', { status: 'pending' }],
  ['expired', { status: 'expired' }],
  ['accepted', { status: 'accepted', acceptedAt: at(1), acceptedBy: odd }],
  ['accepted, by nobody in particular', { status: 'accepted', acceptedAt: at(999), acceptedBy: null }],
  ['declined', { status: 'declined', declinedAt: at(1), declineReason: odd }],
  ['declined, without a reason', { status: 'declined', declinedAt: at(1), declineReason: null }],
  ['revoked', { status: 'revoked', revokedAt: at(1), revokedBy: odd, revokeReason: odd }],
  ['revoked, by the system', { status: 'revoked', revokedAt: at(1), revokedBy: null, revokeReason: null }],
]

/** Every field of every invite, none of them null or empty: a new one does not compile until it is here. */
const filled = (): Omit<InviteFields, 'id' | 'organizationId'> => ({
  role: 'Rolle ä/1',
  inviterId: odd,
  inviterRole: 'admin',
  inviterName: odd,
  externalId: odd,
  templateId: 'welcome',
  template: json,
  metadata: json,
  extra: json,
  inviteeId: uuidv7(),
  keyId: unique('key'),
  channels: ['sms', 'email', odd],
  linkPattern: 'https://example.com/{sign}?t={token}&x=%25',
  generation: 0xff_ff_ff,
  codeHash: unique('hash'),
  useCount: 1_000_000,
  createdAt: new Date('1999-12-31T23:59:59.999Z'),
  updatedAt: at(7),
  expiresAt: new Date('2099-01-01T00:00:00.001Z'),
  lifetime: 315_360_000_000,
  sentAt: at(8),
  sendCount: 4096,
  openedAt: at(9),
  remindAt: at(11),
  erasedAt: at(10),
})

const recipient = (): RecipientRecord => {
  const phone = phoneKey()
  return {
    email: ` ${odd}@example.com`,
    emailKey: emailKey(`${unique('żółć')}@xn--bcher-kva.example`),
    phone: `(0) ${phone}`,
    phoneKey: phone,
    fullName: odd,
    firstName: '',
    lastName: '中文',
    locale: 'he-IL',
  }
}

const bare: Partial<InviteFields> = { expiresAt: null, lifetime: null, channels: [] }

export function records<Tx>(subject: () => Subject<Tx>): void {
  describe('records', () => {
    test.each(standings)('a personal invite that is %s comes back as it was given, bare and filled', async (_, standing) => {
      const room = roomIn(subject())
      const rows = [
        personal(room.org, { ...bare, standing }),
        personal(room.org, { ...filled(), recipient: recipient(), standing }),
      ]
      await room.write({ made: rows })
      for (const row of rows) expect(await room.get(row)).toStrictEqual(row)
    })

    test.each(standings)('an open invite that is %s comes back as it was given, bare and filled', async (_, standing) => {
      const room = roomIn(subject())
      const rows = [
        open(room.org, { ...bare, maxUses: null, standing }),
        open(room.org, { ...filled(), maxUses: 1_000_000, standing }),
      ]
      await room.write({ made: rows })
      for (const row of rows) expect(await room.get(row)).toStrictEqual(row)
    })

    test.each(standings.slice(1))(
      'what a pending invite becomes when it is %s is stored, and only that',
      async (_, standing) => {
        const room = roomIn(subject())
        const before = personal(room.org, { ...filled(), recipient: recipient() })
        const { status, ...rest } = before
        await room.write({ made: [before] })
        const after = personal(room.org, {
          ...rest,
          ...(before.kind === 'personal' && { recipient: before.recipient }),
          standing,
        })
        await room.write({ ended: [after] })
        expect(await room.get(before)).toStrictEqual(after)
      },
    )

    test('uses, members, history and messages come back with every field that they have', async () => {
      const { org, storage, write, ask } = roomIn(subject())
      const invite = open(org)
      const use: Use = { inviteId: invite.id, userId: odd, at: at(1) }
      const fact = { userId: odd, role: odd, emailKey: emailKey(), phoneKey: phoneKey(), removed: false }
      const person: MemberRow = { ...fact, at: at(2) }
      const terms = { organizationId: org, inviteId: invite.id }
      const data = { text: odd }
      const happening = { type: 'invite.created', at: at(3), actorId: odd, previousStatus: 'pending', data } as const
      const line: EventRow = { ...terms, id: uuidv7(), ...happening }
      const common = { ...terms, generation: 7, addressHash: odd, createdAt: at(4) }
      const mail: MessageRow = { ...common, id: uuidv7(), kind: 'delivery', target: odd, reason: 'resent', eventId: null }
      const post: MessageRow = { ...common, id: uuidv7(), kind: 'event', target: odd, reason: null, eventId: line.id }
      const owner = unique('relay')
      const lease = { owner, ms: 60_000 }
      await write({ made: [invite], uses: [use], members: [person], events: [line], messages: [mail, post], lease })

      const facts = await ask({ ids: [invite.id], users: [odd] })
      expect(facts.uses).toStrictEqual([use])
      expect(facts.members).toStrictEqual([fact])
      expect(await storage.lists.members({ organizationId: org, limit: 9, after: null })).toStrictEqual([person])
      const lines = await storage.lists.history({ organizationId: org, id: invite.id, after: null, limit: 9 })
      expect(lines).toStrictEqual([{ ...line, sequence: lines[0]?.sequence }])
      const checked = await storage.outbox.check([mail, post].map(({ id }) => ({ id, owner })))
      const leased = { attempts: 1, lapses: 0 }
      expect(checked.map(({ message }) => message)).toStrictEqual([
        { ...mail, ...leased, event: null },
        { ...post, ...leased, event: lines[0] },
      ])
    })

    test('names may hold any text, the organization’s and the users’ too', async () => {
      const room = roomIn(subject(), unique(odd))
      const invite = open(room.org)
      await room.write({
        made: [invite],
        uses: [{ inviteId: invite.id, userId: odd, at: at(1) }],
        members: [member(odd, { role: odd })],
        idempotency: [kept(odd)],
      })
      const facts = await room.ask({ ids: [invite.id], users: [odd], idempotencyKeys: [odd] })
      expect(facts.invites).toEqual([invite])
      expect(facts.uses).toEqual([{ inviteId: invite.id, userId: odd, at: at(1) }])
      expect(facts.members).toMatchObject([{ userId: odd, role: odd }])
      expect(facts.idempotency).toMatchObject([{ key: odd }])
    })

    test.each<Json>([null, 'text', '', '"quoted"', 'null', 0, -1.5, true, false, [], {}, [null], json])(
      'the answer of an idempotency record comes back as it was: %j',
      async answer => {
        const room = roomIn(subject())
        const row = kept('key', { answer, input: odd, at: at(456) })
        await room.write({ idempotency: [row] })
        expect((await room.ask({ idempotencyKeys: ['key'] })).idempotency).toStrictEqual([row])
      },
    )

    test.each<Json>(['text', '', '"quoted"', 'null', 7, []])(
      'metadata that is not an object comes back as it was from every read: %j',
      async metadata => {
        const { storage, write, get, org } = roomIn(subject())
        const invite = personal(org, { metadata: metadata as never })
        const [mail, owner] = [delivery(invite), unique('relay')]
        await write({ made: [invite], messages: [mail], lease: { owner, ms: 60_000 } })
        const [checked] = await storage.outbox.check([{ id: mail.id, owner }])
        const looked = await storage.speculation?.findWithVersions(invite.id, null)
        const [listed] = await storage.lists.invites(listQuery(org))
        for (const read of [await get(invite), listed, checked?.invite, looked?.invite ?? invite])
          expect(read).toStrictEqual(invite)
      },
    )

    test('an idempotency record replaces the earlier one of its key', async () => {
      const room = roomIn(subject())
      await room.write({ idempotency: [kept('key')] })
      const later = kept('key', { input: 'another', answer: 2, at: at(1) })
      await room.write({ idempotency: [later] })
      expect((await room.ask({ idempotencyKeys: ['key'] })).idempotency).toEqual([later])
    })

    test('changing what was handed in, or what came out, changes nothing that is stored', async () => {
      const { storage, org } = roomIn(subject())
      const metadata = { list: ['one'] }
      const invite = personal(org, { metadata, createdAt: new Date(noon) })
      const original = structuredClone(invite)
      await storage.commit(changes(org, 0, { made: [invite] }))
      metadata.list.push('two')
      invite.createdAt.setTime(0)
      const asked = question(org, { ids: [invite.id] })
      const [first] = (await storage.read(asked)).invites
      expect(first).toEqual(original)
      first?.createdAt.setTime(1)
      expect((await storage.read(asked)).invites).toEqual([original])
    })
  })
}
