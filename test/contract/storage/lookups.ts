// Lists across organizations: where an invite belongs, what waits for a person, what names an address, what is due.
import { describe, expect, test } from 'vitest'
import {
  at,
  byEmail,
  byPhone,
  changes,
  emailKey,
  ended,
  inviteId,
  member,
  open,
  personal,
  phoneKey,
  unique,
} from '../../support/make.ts'
import { roomIn, type Subject } from './subject.ts'

const ids = (rows: readonly { readonly id: string }[]) => rows.map(({ id }) => id).sort()

export function lookups<Tx>(subject: () => Subject<Tx>): void {
  describe('find', () => {
    test('an invite’s id tells its organization, in every state', async () => {
      const room = roomIn(subject())
      const rows = [personal(room.org), open(room.org), personal(room.org, { standing: { status: 'expired' } })]
      await room.write({ made: rows })
      for (const { id } of rows) expect(await room.storage.find({ id })).toEqual({ id, organizationId: room.org })
      expect(await room.storage.find({ id: inviteId() })).toBeNull()
    })

    test('a code is found under any of its hashes, one per key of the host', async () => {
      const room = roomIn(subject())
      const codeHash = unique('hash')
      const invite = open(room.org, { codeHash })
      await room.write({ made: [invite, open(room.org), open(room.org, { codeHash: unique('hash') })] })
      const { storage, org } = room
      const found = { id: invite.id, organizationId: org }
      expect(await storage.find({ codeHashes: [codeHash] })).toEqual(found)
      expect(await storage.find({ codeHashes: [unique('hash'), codeHash] })).toEqual(found)
      expect(await storage.find({ codeHashes: [unique('hash')] })).toBeNull()
      expect(await storage.find({ codeHashes: [] })).toBeNull()
    })

    test('a new code takes the place of the old one', async () => {
      const room = roomIn(subject())
      const [before, after] = [unique('hash'), unique('hash')]
      const invite = open(room.org, { codeHash: before })
      await room.write({ made: [invite] })
      await room.write({ changed: [{ ...invite, codeHash: after }] })
      expect(await room.storage.find({ codeHashes: [before] })).toBeNull()
      expect(await room.storage.find({ codeHashes: [after] })).toMatchObject({ id: invite.id })
    })
  })

  describe('mine', () => {
    test('live pending invites to an address, over all organizations', async () => {
      const [one, two] = [roomIn(subject()), roomIn(subject())]
      const [email, phone] = [emailKey(), phoneKey()]
      const mail = personal(one.org, { recipient: byEmail(email) })
      const text = personal(one.org, { recipient: byPhone(phone), expiresAt: null })
      const both = personal(two.org, { recipient: { ...byEmail(email), phone: '1', phoneKey: phone } })
      const late = personal(two.org, { recipient: byEmail(), expiresAt: at(0) })
      const dead = personal(two.org, { recipient: byEmail(email), standing: { status: 'expired' } })
      await one.write({ made: [mail, text, personal(one.org), open(one.org)] })
      await two.write({ made: [both, late, dead] })
      const mine = async (mails: typeof email | null, phones: typeof phone | null) =>
        ids(await one.storage.lists.mine({ email: mails, phone: phones, now: at(0) }))
      expect(await mine(email, phone)).toEqual(ids([mail, text, both]))
      expect(await mine(email, null)).toEqual(ids([mail, both]))
      expect(await mine(null, phone)).toEqual(ids([text, both]))
      expect(await mine(null, null)).toEqual([])
      expect(await mine(late.kind === 'personal' ? late.recipient.emailKey : null, null)).toEqual([])
      const [whole] = await one.storage.lists
        .mine({ email: null, phone, now: at(0) })
        .then(rows => rows.filter(row => row.id === text.id))
      expect(whole).toStrictEqual(text)
    })
  })

  describe('addressed', () => {
    test('every invite that names an address, in any state and organization', async () => {
      const [one, two] = [roomIn(subject()), roomIn(subject())]
      const [email, phone] = [emailKey(), phoneKey()]
      const live = personal(one.org, { recipient: byEmail(email) })
      const dead = personal(one.org, { recipient: byEmail(email), standing: { status: 'expired' } })
      const far = personal(two.org, { recipient: { ...byEmail(email), phone: '1', phoneKey: phone } })
      const called = personal(two.org, { recipient: byPhone(phone), standing: { status: 'expired' } })
      await one.write({ made: [live, dead, personal(one.org), open(one.org)] })
      await two.write({ made: [far, called] })
      const { lists } = one.storage
      expect(ids(await lists.addressed({ email }))).toEqual(ids([live, dead, far]))
      expect(ids(await lists.addressed({ phone }))).toEqual(ids([far, called]))
      expect(await lists.addressed({ phone })).toContainEqual({ id: far.id, organizationId: two.org })
      expect(await lists.addressed({ email: emailKey() })).toEqual([])
    })
  })

  describe('members', () => {
    test('an organization’s members come in pages, without those who were removed', async () => {
      const [ours, theirs] = [roomIn(subject()), roomIn(subject())]
      const users = ['a1', 'b2', 'c3', 'd4', 'e5', 'f6', 'g7']
      const rows = users.map((userId, i) =>
        member(userId, { role: `role ${i}`, at: at(i), emailKey: emailKey(), phoneKey: phoneKey() }),
      )
      await ours.write({ members: [...rows].reverse() })
      await ours.write({ members: [member('d4', { removed: true })] })
      await theirs.write({ members: [member('a1'), member('z9')] })
      const left = rows.filter(row => row.userId !== 'd4')
      const page = (after: string | null, limit: number) =>
        ours.storage.lists.members({ organizationId: ours.org, limit, after })
      expect(await page(null, 100)).toStrictEqual(left)
      expect(await page(null, 2)).toEqual(left.slice(0, 2))
      expect(await page('b2', 2)).toEqual(left.slice(2, 4))
      expect(await page('g7', 2)).toEqual([])
    })
  })

  describe('due', () => {
    test('pending invites past their time, and no others', async () => {
      const [one, two] = [roomIn(subject()), roomIn(subject())]
      const late = [
        personal(one.org, { expiresAt: at(0) }),
        open(one.org, { expiresAt: at(-5) }),
        personal(two.org, { expiresAt: at(-9) }),
      ]
      const fine = [personal(one.org, { expiresAt: at(1) }), personal(one.org, { expiresAt: null })]
      const dead = personal(two.org, { expiresAt: at(-1), standing: { status: 'expired' } })
      await one.write({ made: [...late.slice(0, 2), ...fine] })
      await two.write({ made: [...late.slice(2), dead] })
      const due = async () => {
        const rows = await one.storage.lists.due(at(0), 10_000)
        return rows.filter(row => [one.org, two.org].includes(row.organizationId))
      }
      expect(ids(await due())).toEqual(ids(late))
      expect(await due()).toContainEqual({ id: late[2]?.id, organizationId: two.org })
      expect(await one.storage.lists.due(at(0), 2)).toHaveLength(2)
      const [oldest, second, third] = [late[2]?.id, late[1]?.id, late[0]?.id]
      const ours = async (where: { of?: string; except?: string[] }, limit = 10_000) =>
        (await one.storage.lists.due(at(0), limit, where))
          .filter(row => [one.org, two.org].includes(row.organizationId))
          .map(row => row.id)
      expect(await ours({})).toEqual([oldest, second, third])
      expect(await ours({ of: one.org })).toEqual([second, third])
      expect(await ours({ of: one.org }, 1)).toEqual([second])
      expect(await ours({ except: ['nobody', one.org] })).toEqual([oldest])
      await one.storage.commit(changes(one.org, 1, { ended: late.slice(0, 2).map(row => ended(row, { status: 'expired' })) }))
      expect(ids(await due())).toEqual(ids(late.slice(2)))
    })
  })
}
