// When several rejections apply: input → existence → authority → state → duplicates → limits.
import { describe, expect, test } from 'vitest'
import * as ask from './ask.ts'
import * as g from './given.ts'

const accepted = { status: 'accepted', acceptedAt: g.yesterday, acceptedBy: 'ada' } as const
const full = g.rules({
  limits: { pending: 0, seats: 0, perInviterPerDay: 0, perRecipientPerDay: 0, resendCooldown: 30 * g.day },
})
const past = { expiresAt: g.yesterday } as const

describe('create: everything wrong at once, put right one by one', () => {
  const waiting = g.given({ invites: [g.invite()] })
  const member = g.given({ members: [g.memberFact('ada', { emailKey: g.mail('ada@example.com') })] })

  test.each([
    ['an unknown role', waiting, ask.create({ actor: g.viewer, role: 'boss' }), 'role_unknown'],
    ['an unknown template', waiting, ask.create({ actor: g.viewer, templateId: 'warm' }), 'template_not_found'],
    ['nothing to grant', waiting, ask.create({ actor: g.viewer }), 'forbidden'],
    ['one that waits', waiting, ask.create(), 'already_invited'],
    ['a member', member, ask.create(), 'already_member'],
    ['a limit', g.given(), ask.create(), 'rate_limited'],
  ])('%s', (_, state, command, code) => {
    expect(g.when(state, command, full).code).toBe(code)
  })
})

describe('resend', () => {
  const taken = [g.invite({ ...past, status: 'expired' }), g.invite({ id: g.idOf(2) })]
  test.each([
    ['no such invite', g.given(), g.viewer, 'invite_not_found'],
    ['nothing to grant', g.given({ invites: [g.invite(accepted)] }), g.viewer, 'forbidden'],
    ['accepted', g.given({ invites: [g.invite(accepted)] }), g.admin, 'invite_already_accepted'],
    ['the address is taken', g.given({ invites: taken }), g.admin, 'already_invited'],
    ['a limit', g.given({ invites: [g.invite()] }), g.admin, 'resend_too_soon'],
  ])('%s', (_, state, actor, code) => {
    expect(g.when(state, ask.resend({ actor }), full).code).toBe(code)
  })
})

describe('accept', () => {
  const members = [g.memberFact('ada'), g.memberFact('bob')]
  const used = g.given({ invites: [g.invite({ ...accepted, acceptedBy: 'carol' })], members })
  const demoted = [g.memberFact('adam', { role: 'viewer' }), ...members]

  test.each([
    ['nobody is signed in', g.given(), ask.accept({ actor: g.person(null) }), 'unauthenticated'],
    ['no such invite', g.given(), ask.accept({ actor: g.bob }), 'invite_not_found'],
    ['a stranger with a used token', used, ask.accept({ actor: g.bob }), 'recipient_mismatch'],
    ['the right person, too late', used, ask.accept(), 'invite_already_accepted'],
    [
      'a stranger with an expired token',
      g.given({ invites: [g.invite(past)] }),
      ask.accept({ actor: g.bob }),
      'recipient_mismatch',
    ],
    [
      'the role has changed',
      g.given({ invites: [g.invite()], members: demoted }),
      ask.accept({ role: 'viewer' }),
      'role_changed',
    ],
    [
      'the inviter may not any more',
      g.given({ invites: [g.invite()], members: demoted }),
      ask.accept(),
      'inviter_unauthorized',
    ],
    ['a member', g.given({ invites: [g.invite()], members }), ask.accept(), 'already_member'],
    ['a limit', g.given({ invites: [g.invite()] }), ask.accept(), 'seat_limit_reached'],
  ])('%s', (_, state, command, code) => {
    expect(g.when(state, command, full).code).toBe(code)
  })
})

describe.each([
  ['revoke', ask.revoke],
  ['update', ask.update],
] as const)('%s', (_, command) => {
  test('authority comes before state: who may not grant its role learns nothing of an accepted invite', () => {
    const state = g.given({ invites: [g.invite(accepted)] })
    expect(g.when(state, command({ actor: g.viewer })).code).toBe('forbidden')
    expect(g.when(state, command()).code).toBe('invite_already_accepted')
    expect(g.when(g.given(), command({ actor: g.viewer })).code).toBe('invite_not_found')
  })
})

test('update: an unknown role is input, so it is heard even of an invite that does not exist', () => {
  expect(g.when(g.given(), ask.update({ actor: g.viewer, changes: { role: 'boss' } })).code).toBe('role_unknown')
})

test('decline: a stranger with a used token hears recipient_mismatch', () => {
  expect(g.when(g.given({ invites: [g.invite(accepted)] }), ask.decline({ actor: g.bob })).code).toBe('recipient_mismatch')
})

test('a rejection writes nothing', () => {
  const state = g.given({ invites: [g.invite(past)] })
  const result = g.when(state, ask.create(), full)
  expect([result.events, result.after === state]).toEqual([[], true])
})
