// The built-in member table: by an actor who may grant the role, or the system.
import { describe, expect, test } from 'vitest'
import type { Command } from '../../src/domain/command.ts'
import { isInviteEvent } from '../../src/domain/event.ts'
import * as ask from './ask.ts'
import * as g from './given.ts'

const add = (over: object = {}): Command => ({
  type: 'member.add',
  actor: g.admin,
  userId: 'mia',
  role: 'member',
  emailKey: g.mail('mia@example.com'),
  ...over,
})
const setRole = (over: object = {}): Command => ({
  type: 'member.setRole',
  actor: g.admin,
  userId: 'mia',
  role: 'viewer',
  ...over,
})
const remove = (over: object = {}): Command => ({ type: 'member.remove', actor: g.admin, userId: 'mia', ...over })
const withMia = (role = 'member', removed = false) => g.given({ members: [g.memberFact('mia', { role, removed })] })

test('adding takes a seat', () => {
  const { events, answer, after } = g.when(g.given(), add())
  expect(events).toEqual(['member.added'])
  expect(answer).toEqual({ inviteId: null, member: { userId: 'mia', role: 'member' } })
  expect(after.members.get('mia')).toEqual({
    userId: 'mia',
    role: 'member',
    emailKey: 'mia@example.com',
    phoneKey: null,
    removed: false,
  })
  expect(after.seats).toBe(1)
})

test('a member is added once: already_member; one who left can come back', () => {
  expect(g.when(withMia(), add()).rejection).toEqual({ code: 'already_member' })
  expect(g.when(withMia('member', true), add()).after.seats).toBe(1)
})

test('adding keeps the limit of seats, by the system too', () => {
  const full = g.given({ members: [g.memberFact('x')] })
  for (const actor of [g.admin, 'system']) {
    expect(g.when(full, add({ actor }), g.rules({ limits: { seats: 1 } })).rejection).toEqual({
      code: 'seat_limit_reached',
      limit: 1,
    })
  }
})

test('changing a role takes no seat; the same role writes nothing', () => {
  const { events, after, answer } = g.when(withMia(), setRole())
  expect([events, after.members.get('mia')?.role, after.seats]).toEqual([['member.changed'], 'viewer', 1])
  expect(answer?.member).toEqual({ userId: 'mia', role: 'viewer' })
  const again = g.when(after, setRole())
  expect([again.events, again.answer]).toEqual([[], { inviteId: null, member: { userId: 'mia', role: 'viewer' } }])
})

test('changing the role of somebody who is no member is invalid_input', () => {
  for (const state of [g.given(), withMia('member', true)]) {
    expect(g.when(state, setRole()).rejection).toEqual({
      code: 'invalid_input',
      errors: [{ path: 'userId', detail: 'is not a member' }],
    })
  }
})

test('removing frees the seat, and is remembered without an address; removing again writes nothing', () => {
  const address = { emailKey: g.mail('mia@example.com'), phoneKey: g.tel('+15005550006') }
  const { events, after } = g.when(g.given({ members: [g.memberFact('mia', address)] }), remove())
  expect(after.members.get('mia')).toMatchObject({ role: 'member', emailKey: null, phoneKey: null })
  expect([events, after.seats, after.members.get('mia')?.removed]).toEqual([['member.removed'], 0, true])
  for (const state of [after, g.given()]) {
    const again = g.when(state, remove())
    expect([again.events, again.answer]).toEqual([[], { inviteId: null, member: null }])
  }
})

describe('who may', () => {
  test('only who may grant the role, the old one and the new', () => {
    expect(g.when(g.given(), add({ role: 'admin' })).code).toBe('role_not_grantable')
    expect(g.when(withMia('admin'), setRole()).code).toBe('role_not_grantable')
    expect(g.when(withMia(), setRole({ role: 'admin' })).code).toBe('role_not_grantable')
    expect(g.when(withMia('admin'), remove()).code).toBe('role_not_grantable')
    expect(g.when(withMia('admin'), remove({ actor: g.owner })).code).toBeNull()
  })
  test('a role that grants nothing is forbidden', () => {
    const state = g.given({ members: [g.memberFact('mia'), g.memberFact('vera', { role: 'viewer' })] })
    for (const command of [add({ userId: 'new' }), setRole(), remove()]) {
      expect(g.when(state, { ...command, actor: g.viewer }).code).toBe('forbidden')
    }
  })
  test('nobody grants or removes an owner but the system', () => {
    expect(g.when(withMia('owner'), remove({ actor: g.owner })).code).toBe('role_not_grantable')
    expect(g.when(g.given(), add({ role: 'owner', actor: 'system' })).code).toBeNull()
    expect(g.when(withMia('owner'), remove({ actor: 'system' })).code).toBeNull()
  })
  test('an unknown role is role_unknown, for the system too', () => {
    const unknown = { code: 'role_unknown', role: 'boss', roles: ['owner', 'admin', 'member', 'viewer'] }
    expect(g.when(g.given(), add({ role: 'boss', actor: 'system' })).rejection).toEqual(unknown)
    expect(g.when(withMia(), setRole({ role: 'boss' })).rejection).toEqual(unknown)
  })
})

test("members are no part of any invite's history", () => {
  expect(g.when(g.given(), add()).facts.map(isInviteEvent)).toEqual([false])
  expect(g.when(g.given({ invites: [g.invite()] }), ask.accept()).facts.map(isInviteEvent)).toEqual([true])
})
