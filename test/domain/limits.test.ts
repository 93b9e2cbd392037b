// Limits: 0 is a limit, absent is none; what is over one hears which, and how long to wait.
import { describe, expect, test } from 'vitest'
import type { InviteRecord } from '../../src/domain/invite.ts'
import * as ask from './ask.ts'
import * as g from './given.ts'

const wait = (count: number, extra: Partial<InviteRecord> = {}) =>
  Array.from({ length: count }, (_, index) =>
    g.invite({ ...(extra as object), id: g.idOf(10 + index), recipient: g.to({ email: `p${index}@example.com` }) }),
  )
const people = (count: number) => Array.from({ length: count }, (_, index) => g.memberFact(`m${index}`))
const rejectionOf = (...call: Parameters<typeof g.when>) => g.when(...call).rejection

describe('limits.pending', () => {
  const limits = { pending: 2 }
  const full = { code: 'pending_limit_reached', limit: 2 }

  test('lets the last one through and no more', () => {
    expect(rejectionOf(g.given({ invites: wait(1) }), ask.create(), g.rules({ limits }))).toBeNull()
    expect(rejectionOf(g.given({ invites: wait(2) }), ask.create(), g.rules({ limits }))).toEqual(full)
  })
  test('counts the live ones: past their time they hold no place', () => {
    const invites = [...wait(1), g.invite({ expiresAt: g.yesterday })]
    expect(rejectionOf(g.given({ invites }), ask.create(), g.rules({ limits }))).toBeNull()
  })
  test('applies to the system and to open invites', () => {
    expect(rejectionOf(g.given({ invites: wait(2) }), ask.create({ actor: 'system' }), g.rules({ limits }))).toEqual(full)
    expect(
      rejectionOf(g.given({ invites: wait(2) }), ask.create({ recipient: null, channels: [] }), g.rules({ limits })),
    ).toEqual(full)
  })
  test('is asked when an expired invite comes back, and not when a live one is sent again', () => {
    const stored = g.invite({ expiresAt: g.yesterday, status: 'expired' })
    expect(rejectionOf(g.given({ invites: [...wait(2), stored] }), ask.resend(), g.rules({ limits }))).toEqual(full)
    expect(
      rejectionOf(g.given({ invites: [...wait(2), g.invite({ expiresAt: g.yesterday })] }), ask.resend(), g.rules({ limits })),
    ).toEqual(full)
    expect(rejectionOf(g.given({ invites: wait(2) }), ask.resend({ id: g.idOf(10) }), g.rules({ limits }))).toBeNull()
  })
  test('of 0 means none', () => {
    expect(rejectionOf(g.given(), ask.create(), g.rules({ limits: { pending: 0 } }))).toEqual({
      code: 'pending_limit_reached',
      limit: 0,
    })
  })
})

describe('limits.seats', () => {
  const state = (seats: number) => g.given({ invites: [g.invite({ inviterId: null })], members: people(seats) })
  const full = { code: 'seat_limit_reached', limit: 2 }

  test('lets the last one in and no more; the invite stays pending', () => {
    expect(rejectionOf(state(1), ask.accept(), g.rules({ limits: { seats: 2 } }))).toBeNull()
    expect(rejectionOf(state(2), ask.accept(), g.rules({ limits: { seats: 2 } }))).toEqual(full)
  })
  test('of 0 means none', () => {
    expect(rejectionOf(state(0), ask.accept(), g.rules({ limits: { seats: 0 } }))).toEqual({
      code: 'seat_limit_reached',
      limit: 0,
    })
  })
  test('is not asked of invites: pending ones hold no seat', () => {
    expect(
      rejectionOf(state(2), ask.create({ recipient: g.to({ email: 'x@example.com' }) }), g.rules({ limits: { seats: 2 } })),
    ).toBeNull()
  })
  test('counts pending invites, too, under pendingHoldsSeat', () => {
    const rules = g.rules({ limits: { seats: 2, pendingHoldsSeat: true } })
    const command = ask.create({ recipient: g.to({ email: 'x@example.com' }) })
    expect(rejectionOf(state(0), command, rules)).toBeNull()
    expect(rejectionOf(state(1), command, rules)).toEqual(full)
    expect(rejectionOf(state(1), ask.accept(), rules)).toBeNull()
    expect(rejectionOf(state(1), command, g.rules({ limits: { pendingHoldsSeat: true } }))).toBeNull()
  })
  test("under pendingHoldsSeat a seat that an invite holds is its invitee's, and nobody else's", () => {
    const rules = g.rules({ limits: { seats: 2, pendingHoldsSeat: true } })
    const add = { type: 'member.add', actor: 'system', userId: 'mia', role: 'member', emailKey: null } as const
    expect(rejectionOf(state(1), add, rules)).toEqual(full)
    expect(rejectionOf(state(0), add, rules)).toBeNull()
    expect(rejectionOf(state(1), add, g.rules({ limits: { seats: 2 } }))).toBeNull()
    expect(rejectionOf(g.given({ invites: [g.invite(), ...wait(4)], members: people(1) }), ask.accept(), rules)).toBeNull()
  })
  test('under pendingHoldsSeat an open invite holds its seat until its last use', () => {
    const rules = g.rules({ limits: { seats: 2, pendingHoldsSeat: true } })
    const open = (maxUses: number | null) => g.given({ invites: [g.openInvite({ maxUses })], members: people(1) })
    expect(rejectionOf(open(null), ask.accept(), rules)).toEqual(full)
    expect(rejectionOf(open(2), ask.accept(), rules)).toEqual(full)
    expect(rejectionOf(open(1), ask.accept(), rules)).toBeNull()
  })
})

describe('limits.perInviterPerDay', () => {
  const rules = g.rules({ limits: { perInviterPerDay: 3 } })
  const made = (count: number) => new Map([['adam', { count, oldest: g.from(-23 * g.hour) }]])
  const over = { code: 'rate_limited', limit: 3, retryAfter: 3600 }

  test('counts what this inviter made and resent, and tells when the oldest is a day old', () => {
    expect(rejectionOf(g.given({ made: made(2) }), ask.create(), rules)).toBeNull()
    expect(rejectionOf(g.given({ made: made(3) }), ask.create(), rules)).toEqual(over)
    expect(rejectionOf(g.given({ made: made(3), invites: [g.invite()] }), ask.resend(), rules)).toEqual(over)
  })
  test('counts an invite that sends nothing', () => {
    const { after } = g.when(g.given({ made: made(2) }), ask.create({ channels: [] }), rules)
    expect(rejectionOf(after, ask.create({ id: g.idOf(101), recipient: g.to({ email: 'x@example.com' }) }), rules)).toEqual(
      over,
    )
  })
  test("is each inviter's own, and neither the system's nor an API key's", () => {
    for (const actor of [g.owner, g.apiKey, 'system'] as const) {
      expect(rejectionOf(g.given({ made: made(3) }), ask.create({ actor }), rules)).toBeNull()
    }
    for (const actor of [g.apiKey, 'system'] as const) {
      expect(g.when(g.given(), ask.create({ actor })).after.createdToday.size).toBe(0)
    }
  })
  test('of 0 means none, for a day', () => {
    const none = g.rules({ limits: { perInviterPerDay: 0 } })
    expect(rejectionOf(g.given(), ask.create(), none)).toEqual({ code: 'rate_limited', limit: 0, retryAfter: 86_400 })
    for (const actor of [g.apiKey, 'system'] as const) expect(rejectionOf(g.given(), ask.create({ actor }), none)).toBeNull()
  })
})

describe('limits.perRecipientPerDay', () => {
  const rules = g.rules({ limits: { perRecipientPerDay: 2 } })
  const sends = (count: number, oldest = g.from(-g.day + 1500)) => new Map([['mark of ada@example.com', { count, oldest }]])

  test('counts sends to one address; retryAfter is in whole seconds, rounded up', () => {
    expect(rejectionOf(g.given({ sends: sends(1) }), ask.create(), rules)).toBeNull()
    expect(rejectionOf(g.given({ sends: sends(2) }), ask.create(), rules)).toEqual({
      code: 'rate_limited',
      limit: 2,
      retryAfter: 2,
    })
    expect(rejectionOf(g.given({ sends: sends(2), invites: [g.invite()] }), ask.resend(), rules)).toMatchObject({
      code: 'rate_limited',
    })
  })
  test('counts each of the addresses that it is sent to', () => {
    const over = { code: 'rate_limited', limit: 2, retryAfter: 3600 }
    const command = ask.create({
      recipient: g.to({ email: 'ada@example.com', phone: '+15550100' }),
      channels: ['email', 'sms'],
    })
    for (const mark of ['mark of ada@example.com', 'mark of +15550100']) {
      const sent = new Map([[mark, { count: 2, oldest: g.from(-23 * g.hour) }]])
      expect(rejectionOf(g.given({ sends: sent }), command, rules)).toEqual(over)
    }
  })
  test('never says to come back at once', () => {
    expect(rejectionOf(g.given({ sends: sends(2, g.from(-g.day)) }), ask.create(), rules)).toMatchObject({ retryAfter: 1 })
  })
  test('does not count what is not sent, nor another address', () => {
    expect(rejectionOf(g.given({ sends: sends(2) }), ask.create({ channels: [] }), rules)).toBeNull()
    expect(
      rejectionOf(g.given({ sends: sends(2) }), ask.create({ recipient: g.to({ email: 'bob@example.com' }) }), rules),
    ).toBeNull()
  })
  test('a refused call does not count, a resend does', () => {
    const { after } = g.when(g.given({ invites: [g.invite()] }), ask.resend(), rules)
    expect(after.sentToday.get('mark of ada@example.com')).toEqual({ count: 1, oldest: g.now })
    const again = g.when(after, ask.resend(), rules).after
    expect(again.sentToday.get('mark of ada@example.com')?.count).toBe(2)
    expect(g.when(again, ask.resend(), rules).after).toBe(again)
  })
})

describe('limits.resendCooldown', () => {
  const rules = g.rules({ limits: { resendCooldown: 10 * g.second } })
  const sent = (ago: number) => g.given({ invites: [g.invite({ sentAt: g.from(-ago) })] })

  test.each([
    [0, 10],
    [1, 10],
    [9000, 1],
    [9001, 1],
    [9999, 1],
  ])('%d ms after the last send is resend_too_soon: wait %d seconds', (ago, retryAfter) => {
    expect(rejectionOf(sent(ago), ask.resend(), rules)).toEqual({ code: 'resend_too_soon', retryAfter })
  })
  test('is over when it is over, and does not hold one that was never sent', () => {
    expect(rejectionOf(sent(10_000), ask.resend(), rules)).toBeNull()
    expect(rejectionOf(g.given({ invites: [g.invite({ sentAt: null, sendCount: 0 })] }), ask.resend(), rules)).toBeNull()
  })
  test('absent, nothing is too soon, even when the clock that sent it runs ahead', () => {
    expect(rejectionOf(sent(-5 * g.second), ask.resend())).toBeNull()
  })
})

test('without limits there are none', () => {
  const many = g.given({
    invites: wait(500),
    members: people(500),
    made: new Map([['adam', { count: 9999, oldest: g.now }]]),
    sends: new Map([['mark of ada@example.com', { count: 9999, oldest: g.now }]]),
  })
  expect(rejectionOf(many, ask.create())).toBeNull()
})
