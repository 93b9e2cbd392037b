// One pending invite per address: who gives it back, who takes it, and the backstop behind the decision.
import { describe, expect, test } from 'vitest'
import type { InviteRecord } from '../../../src/domain/invite.ts'
import { at, byEmail, byPhone, changed, changes, emailKey, ended, noon, open, personal, phoneKey } from '../../support/make.ts'
import { isRefused, roomIn, type Subject } from './subject.ts'

const expired = (invite: InviteRecord) => ended(invite, { status: 'expired' })
const revoked = (invite: InviteRecord) =>
  ended(invite, { status: 'revoked', revokedAt: noon, revokedBy: null, revokeReason: null })

const kinds = [
  ['e-mail address', () => byEmail()],
  ['phone', () => byPhone()],
] as const

export function addresses<Tx>(subject: () => Subject<Tx>): void {
  describe('addresses', () => {
    test.each(kinds)('an invite that ends gives its %s to its successor in the same commit', async (_, recipientOf) => {
      const room = roomIn(subject())
      const recipient = recipientOf()
      const old = personal(room.org, { recipient, expiresAt: at(-1) })
      await room.write({ made: [old] })
      const successor = personal(room.org, { recipient })
      await room.write({ ended: [expired(old)], made: [successor] })
      expect(await room.get(old)).toEqual(expired(old))
      expect(await room.get(successor)).toEqual(successor)
    })

    test('one commit may end two holders for an invite that takes the e-mail of one and the phone of the other', async () => {
      const room = roomIn(subject())
      const [mail, phone] = [byEmail(), byPhone()]
      const olds = [personal(room.org, { recipient: mail }), personal(room.org, { recipient: phone })]
      await room.write({ made: olds })
      const both = { ...mail, phone: phone.phone, phoneKey: phone.phoneKey }
      const successor = personal(room.org, { recipient: both })
      await room.write({ ended: olds.map(revoked), made: [successor] })
      expect(await room.get(successor)).toEqual(successor)
    })

    test('an invite that had ended may be pending again when another gives back its address in the same commit', async () => {
      const room = roomIn(subject())
      const recipient = byEmail()
      const first = personal(room.org, { recipient, standing: { status: 'expired' } })
      const second = personal(room.org, { recipient })
      await room.write({ made: [first, second] })
      const again = ended(first, { status: 'pending' })
      await room.write({ ended: [revoked(second)], changed: [again] })
      expect(await room.get(first)).toEqual(again)
    })

    test.each(kinds)('a second pending invite at one %s is refused, and nothing is written', async (_, recipientOf) => {
      const room = roomIn(subject())
      const recipient = recipientOf()
      await room.write({ made: [personal(room.org, { recipient })] })
      const second = personal(room.org, { recipient })
      const neighbour = personal(room.org)
      expect(await isRefused(room.storage.commit(changes(room.org, 1, { made: [neighbour, second] })))).toBe(true)
      expect(await room.get(second)).toBeUndefined()
      expect(await room.get(neighbour)).toBeUndefined()
      expect(await room.revision()).toBe(1)
    })

    test('one that is past its time holds its address until it is stored as expired', async () => {
      const room = roomIn(subject())
      const recipient = byEmail()
      await room.write({ made: [personal(room.org, { recipient, expiresAt: at(-1) })] })
      expect(await isRefused(room.storage.commit(changes(room.org, 1, { made: [personal(room.org, { recipient })] })))).toBe(
        true,
      )
    })

    test('two pending invites at one address are refused within one commit too', async () => {
      const { storage, org, revision } = roomIn(subject())
      const recipient = byPhone()
      const live = [personal(org, { recipient }), personal(org, { recipient })]
      expect(await isRefused(storage.commit(changes(org, 0, { made: live })))).toBe(true)
      expect(await revision()).toBe(0)
    })

    test('an invite that had ended cannot be pending again while another holds its address', async () => {
      const room = roomIn(subject())
      const recipient = byEmail()
      const first = personal(room.org, { recipient, standing: { status: 'expired' } })
      await room.write({ made: [first, personal(room.org, { recipient })] })
      const again = ended(first, { status: 'pending' })
      expect(await isRefused(room.storage.commit(changes(room.org, 1, { changed: [again] })))).toBe(true)
      expect(await room.get(first)).toEqual(first)
    })

    test('the store works on after the backstop refused', async () => {
      const room = roomIn(subject())
      const recipient = byEmail()
      await room.write({ made: [personal(room.org, { recipient })] })
      const twin = changes(room.org, 1, { made: [personal(room.org, { recipient })] })
      expect(await isRefused(room.storage.commit(twin))).toBe(true)
      await room.write({ made: [personal(room.org)] })
      expect(await room.revision()).toBe(2)
    })

    test('any number of ended invites, open invites and organizations share an address or have none', async () => {
      const recipient = { ...byEmail(emailKey()), phoneKey: phoneKey() }
      const rooms = [roomIn(subject()), roomIn(subject())]
      for (const room of rooms) {
        const dead = [1, 2].map(() => personal(room.org, { recipient, standing: { status: 'expired' } }))
        const withdrawn = [1, 2].map(() => revoked(personal(room.org, { recipient })))
        await room.write({ made: [...dead, ...withdrawn, open(room.org), open(room.org), personal(room.org, { recipient })] })
        expect(await room.revision()).toBe(1)
      }
    })

    test('a pending invite is changed without losing its address', async () => {
      const room = roomIn(subject())
      const invite = personal(room.org)
      await room.write({ made: [invite] })
      await room.write({ changed: [changed(invite, { role: 'viewer' })] })
      expect((await room.get(invite))?.role).toBe('viewer')
    })
  })
}
