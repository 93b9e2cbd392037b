// Changing, revoking and forgetting.
import { describe, expect, test } from 'vitest'
import { evolve } from '../../src/domain/evolve.ts'
import * as ask from './ask.ts'
import * as g from './given.ts'

describe('update', () => {
  const named = g.invite({ metadata: { team: 'blue' }, recipient: g.to({ email: 'ada@example.com', fullName: 'Ada' }) })
  const organization = g.given({ invites: [named] })
  const names = { fullName: 'Ada Lovelace', firstName: 'Ada', lastName: 'Lovelace', locale: 'en-GB' }

  test('changes names and locale, never the address', () => {
    const { invite } = g.when(organization, ask.update({ changes: { names } }))
    expect(invite).toMatchObject({
      recipient: { ...names, email: 'ada@example.com', emailKey: 'ada@example.com' },
      updatedAt: g.now,
    })
  })
  test('changes metadata and the private extra', () => {
    const { invite } = g.when(organization, ask.update({ changes: { metadata: { team: 'red' }, extra: { plan: 2 } } }))
    expect(invite).toMatchObject({ metadata: { team: 'red' }, extra: { plan: 2 }, role: 'member' })
  })
  test('counts a new length from now', () => {
    expect(g.when(organization, ask.update({ changes: { lifetime: 2 * g.day } })).invite).toMatchObject({
      lifetime: 2 * g.day,
      expiresAt: g.from(2 * g.day),
    })
    expect(g.when(organization, ask.update({ changes: { lifetime: null } })).invite).toMatchObject({
      lifetime: null,
      expiresAt: null,
    })
  })
  test.each([
    [{}],
    [{ role: 'member' }],
    [{ metadata: { team: 'blue' } }],
    [{ names: { fullName: 'Ada', firstName: null, lastName: null, locale: null } }],
  ])('to what is so already, %j, writes nothing', changes => {
    expect(g.when(organization, ask.update({ changes })).events).toEqual([])
  })
  test('to the same keys in another order writes nothing; another order of a list is a change', () => {
    const stored = g.given({ invites: [g.invite({ metadata: { a: 1, b: { c: [1, 2], d: null }, e: 'x' } })] })
    const same = { e: 'x', b: { d: null, c: [1, 2] }, a: 1 }
    const changed = { e: 'x', b: { d: null, c: [2, 1] }, a: 1 }
    expect(g.when(stored, ask.update({ changes: { metadata: same } })).events).toEqual([])
    expect(g.when(stored, ask.update({ changes: { metadata: changed } })).invite).toMatchObject({ metadata: changed })
  })
  test('to never, of one that never expires, writes nothing', () => {
    const never = g.given({ invites: [g.invite({ expiresAt: null, lifetime: null })] })
    expect(g.when(never, ask.update({ changes: { lifetime: null } })).events).toEqual([])
  })
  test('does not send, nor count as a send', () => {
    expect(g.when(organization, ask.update()).invite).toMatchObject({ sendCount: 1, sentAt: g.yesterday })
  })
})

describe('revoke', () => {
  test('says who, when and why, and frees the address and the place', () => {
    const { invite, after } = g.when(g.given({ invites: [g.invite()] }), ask.revoke({ reason: 'wrong Ada' }))
    expect(invite).toMatchObject({ status: 'revoked', revokedBy: 'adam', revokedAt: g.now, revokeReason: 'wrong Ada' })
    expect(after.pending).toBe(0)
    expect(g.when(after, ask.create()).events).toEqual(['invite.created'])
  })
  test('by the system has no revokedBy', () => {
    expect(g.when(g.given({ invites: [g.invite()] }), ask.revoke({ actor: 'system' })).invite).toMatchObject({
      revokedBy: null,
    })
  })
})

test('a field exists only in the states that have it', () => {
  const words = ['acceptedAt', 'acceptedBy', 'declinedAt', 'declineReason', 'revokedAt', 'revokedBy', 'revokeReason']
  const organization = g.given({ invites: [g.invite()] })
  const has = (invite: object | undefined) => words.filter(word => word in (invite ?? {}))
  expect(has(g.when(organization, ask.update()).invite)).toEqual([])
  expect(has(g.when(organization, ask.accept()).invite)).toEqual(['acceptedAt', 'acceptedBy'])
  expect(has(g.when(organization, ask.decline()).invite)).toEqual(['declinedAt', 'declineReason'])
  expect(has(g.when(organization, ask.revoke()).invite)).toEqual(['revokedAt', 'revokedBy', 'revokeReason'])
  const revoked = g.invite({ status: 'revoked', revokedAt: g.now, revokedBy: null, revokeReason: null })
  const back = evolve(g.given({ invites: [revoked] }), {
    type: 'invite.expired',
    inviteId: g.idOf(1),
    at: g.now,
    actorId: null,
  })
  expect(has(back.invites.get(g.idOf(1)))).toEqual([])
})

describe('erase', () => {
  const personal = {
    recipient: g.to({ email: 'ada@example.com', phone: '+15550100', fullName: 'Ada', locale: 'en' }),
    metadata: { note: 'met at PyCon' },
    extra: { salary: 1 },
    template: { greeting: 'Dear Ada' },
    externalId: 'ada-in-crm',
  }
  const standings = {
    pending: {},
    'past expiresAt': { expiresAt: g.yesterday },
    expired: { expiresAt: g.yesterday, status: 'expired' },
    accepted: { status: 'accepted', acceptedAt: g.yesterday, acceptedBy: 'ada' },
    declined: { status: 'declined', declinedAt: g.yesterday, declineReason: 'I, Ada, am ill' },
    revoked: { status: 'revoked', revokedAt: g.yesterday, revokedBy: 'adam', revokeReason: 'Ada is ill' },
  } as const

  test.each(Object.entries(standings))('personal data of one that is %s is gone; ids and counts stay', (_, standing) => {
    const organization = g.given({ invites: [g.invite({ ...personal, ...standing })] })
    const { invite } = g.when(organization, ask.erase())
    expect(JSON.stringify(invite)).not.toMatch(/ada@|\+1555|Ada|PyCon|salary|crm|ill/)
    expect(invite).toMatchObject({
      id: g.idOf(1),
      organizationId: 'acme',
      inviteeId: 'f0000000-0000-4000-8000-000000000001',
      role: 'member',
      inviterId: 'adam',
      sendCount: 1,
      createdAt: g.yesterday,
      erasedAt: g.now,
    })
  })
  test('an accepted one still knows its member', () => {
    const { after } = g.when(g.given({ invites: [g.invite({ ...personal, ...standings.accepted })] }), ask.erase())
    expect(g.when(after, ask.accept()).answer).toMatchObject({ repeated: true })
    expect(after.invites.get(g.idOf(1))).not.toHaveProperty('revokeReason')
  })
  test.each(['pending', 'past expiresAt', 'expired'] as const)(
    'one that is %s can be neither accepted nor resent afterwards',
    state => {
      const { after } = g.when(g.given({ invites: [g.invite({ ...personal, ...standings[state] })] }), ask.erase())
      expect(g.when(after, ask.resend()).code).toBe('invite_revoked')
      expect(g.when(after, ask.accept()).code).toBe('invite_revoked')
      expect(after.pending).toBe(0)
    },
  )
  test('twice is erasing once', () => {
    const { after } = g.when(g.given({ invites: [g.invite()] }), ask.erase())
    const again = g.when(after, ask.erase())
    expect([again.events, again.answer]).toEqual([[], { inviteId: g.idOf(1) }])
  })
  test('by address takes it from its members, too, also from those who left; they stay what they were', () => {
    const [emailKey, phoneKey] = [g.mail('ada@example.com'), g.tel('+15550100')]
    const members = [
      g.memberFact('ada', { role: 'admin', emailKey, phoneKey }),
      g.memberFact('ada-once', { phoneKey, removed: true }),
      g.memberFact('bob', { emailKey: g.mail('bob@example.com') }),
    ]
    const organization = g.given({ invites: [g.invite()], members })
    const { facts, after, answer } = g.when(organization, ask.erase({ address: { emailKey, phoneKey } }))
    const nameless = { role: 'member', emailKey: null, phoneKey: null, removed: false }
    const changes = [
      { type: 'member.changed', member: { ...nameless, userId: 'ada', role: 'admin' }, at: g.now },
      { type: 'member.changed', member: { ...nameless, userId: 'ada-once', removed: true }, at: g.now },
    ]
    expect(facts).toEqual([
      ...changes,
      { type: 'invite.revoked', inviteId: g.idOf(1), at: g.now, actorId: 'adam', reason: null },
      { type: 'invite.erased', inviteId: g.idOf(1), at: g.now, actorId: 'adam' },
    ])
    expect(answer).toEqual({ inviteId: g.idOf(1) })
    expect([after.seats, after.members.get('bob')?.emailKey]).toEqual([2, 'bob@example.com'])

    const erased = g.given({ invites: [g.invite({ erasedAt: g.yesterday })], members })
    expect(g.when(erased, ask.erase({ address: { emailKey, phoneKey } })).facts).toEqual(changes)
    expect(g.when(organization, ask.erase()).events).toEqual(['invite.revoked', 'invite.erased'])

    const forgotten = g.when(g.given({ members }), ask.forget({ address: { emailKey, phoneKey } }))
    expect(forgotten).toMatchObject({ facts: changes, answer: { inviteId: null } })
  })
  test("an open invite has no personal data but the host's own", () => {
    const { invite } = g.when(g.given({ invites: [g.openInvite({ useCount: 2, metadata: { note: 'for Ada' } })] }), ask.erase())
    expect(invite).toMatchObject({ kind: 'open', useCount: 2, metadata: {}, status: 'revoked' })
    expect(invite).not.toHaveProperty('recipient')
  })
})

test('an event of an invite outside the organization changes nothing', () => {
  const organization = g.given()
  expect(evolve(organization, { type: 'invite.opened', inviteId: g.idOf(9), at: g.now, actorId: null })).toBe(organization)
})
