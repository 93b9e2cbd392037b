// Open invites: no recipient, whoever holds the link, as often as maxUses says.
import { expect, test } from 'vitest'
import type { OrganizationState } from '../../src/domain/state.ts'
import * as ask from './ask.ts'
import * as g from './given.ts'

const people = ['p1', 'p2', 'p3', 'p4'].map(userId => g.person(userId))
const acceptAll = (state: OrganizationState, count: number) =>
  people.slice(0, count).reduce((before, actor) => g.when(before, ask.accept({ actor })).after, state)

test('an open invite is made without a recipient, and sends nothing', () => {
  const { invite, facts } = g.when(g.given(), ask.create({ recipient: null, maxUses: 5, channels: [] }))
  expect(invite).toMatchObject({ kind: 'open', maxUses: 5, useCount: 0, channels: [], sentAt: null })
  expect(invite).not.toHaveProperty('recipient')
  expect(facts).toMatchObject([{ sends: [] }])
  expect(g.when(g.given(), ask.create({ recipient: null })).rejection).toEqual({
    code: 'channel_unavailable',
    channel: 'email',
  })
})

test('an open invite holds no address: neither members nor invites are in its way', () => {
  const member = g.memberFact('mia', { emailKey: g.mail('mia@example.com'), phoneKey: g.tel('+15550100') })
  const state = g.given({ invites: [g.openInvite(), g.invite({ id: g.idOf(2) })], members: [member] })
  expect(g.when(state, ask.create({ recipient: null, channels: [] })).events).toEqual(['invite.created'])
  expect(g.when(state, ask.resend()).events).toEqual(['invite.resent'])
})

test('each acceptance is a use of its own; it stays pending until its last', () => {
  const state = g.given({ invites: [g.openInvite({ maxUses: 2 })] })
  const first = acceptAll(state, 1)
  expect(first.invites.get(g.idOf(1))).toMatchObject({ status: 'pending', useCount: 1, updatedAt: g.now })
  expect([...first.uses.values()]).toEqual([{ inviteId: g.idOf(1), userId: 'p1', at: g.now }])
  expect([first.seats, first.pending]).toEqual([1, 1])
})

test('after its last use it is accepted, without acceptedBy', () => {
  const spent = acceptAll(g.given({ invites: [g.openInvite({ maxUses: 2 })] }), 2)
  expect(spent.invites.get(g.idOf(1))).toMatchObject({ status: 'accepted', useCount: 2, acceptedBy: null, acceptedAt: g.now })
  expect([spent.seats, spent.pending, spent.uses.size]).toEqual([2, 0, 2])
  expect(g.when(spent, ask.accept({ actor: g.person('p3') })).rejection).toEqual({ code: 'uses_exhausted', limit: 2 })
})

test('without maxUses there is no last use', () => {
  expect(acceptAll(g.given({ invites: [g.openInvite()] }), 4).invites.get(g.idOf(1))).toMatchObject({
    status: 'pending',
    useCount: 4,
  })
})

test('the same person again is a success that uses nothing, before and after the last use', () => {
  for (const maxUses of [3, 1]) {
    const used = acceptAll(g.given({ invites: [g.openInvite({ maxUses })] }), 1)
    const again = g.when(used, ask.accept({ actor: g.person('p1') }))
    expect(again.answer).toEqual({ inviteId: g.idOf(1), repeated: true, member: { userId: 'p1', role: 'member' } })
    expect(again.after).toBe(used)
  }
})

test('any signed-in actor who holds the link may accept, whatever their addresses', () => {
  const state = g.given({ invites: [g.openInvite()] })
  for (const actor of [g.ada, g.person('x'), g.person('y', { email: 'y@example.com', verified: false })]) {
    expect(g.when(state, ask.accept({ actor })).code).toBeNull()
  }
  expect(g.when(state, ask.accept({ actor: g.person(null) })).code).toBe('unauthenticated')
})

test('its id alone opens nothing', () => {
  const state = g.given({ invites: [g.openInvite()] })
  expect(g.when(state, ask.accept({ proof: g.byId })).code).toBe('invite_not_found')
  expect(g.when(state, ask.decline({ proof: g.byId })).code).toBe('invite_not_found')
})

test('one of several members is already_member; a seat limit ends it early', () => {
  const state = g.given({ invites: [g.openInvite()], members: [g.memberFact('p1')] })
  expect(g.when(state, ask.accept({ actor: g.person('p1') })).code).toBe('already_member')
  expect(g.when(state, ask.accept({ actor: g.person('p2') }), g.rules({ limits: { seats: 1 } })).code).toBe(
    'seat_limit_reached',
  )
})

test('resending an open invite renews it and can rotate its link; nothing is sent', () => {
  const state = g.given({ invites: [g.openInvite()] })
  expect(g.when(state, ask.resend({ rotate: true })).invite).toMatchObject({
    generation: 2,
    sendCount: 0,
    sentAt: null,
    expiresAt: g.from(7 * g.day),
  })
})

test('an update of an open invite changes its role; it has no names to change', () => {
  const names = { fullName: 'Nobody', firstName: null, lastName: null, locale: null }
  const state = g.given({ invites: [g.openInvite()] })
  expect(g.when(state, ask.update({ changes: { names } })).events).toEqual([])
  const { invite } = g.when(state, ask.update({ changes: { role: 'viewer', names } }))
  expect(invite?.role).toBe('viewer')
  expect(invite).not.toHaveProperty('recipient')
})
