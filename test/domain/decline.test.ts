// Declining, opening, and asking for a new invite.
import { describe, expect, test } from 'vitest'
import { anonymous } from '../../src/domain/decide/decision.ts'
import * as ask from './ask.ts'
import * as g from './given.ts'

const state = g.given({ invites: [g.invite()] })
const nobody = g.person(null)

describe('declining', () => {
  test('by token alone needs no actor', () => {
    for (const actor of [nobody, anonymous, 'system'] as const) {
      const { invite, facts } = g.when(state, ask.decline({ actor, reason: 'no time' }))
      expect(invite).toMatchObject({ status: 'declined', declinedAt: g.now, declineReason: 'no time' })
      expect(facts).toMatchObject([{ type: 'invite.declined', actorId: null, reason: 'no time' }])
    }
  })
  test('with an actor follows the rule of accepting', () => {
    expect(g.when(state, ask.decline()).facts).toMatchObject([{ type: 'invite.declined', actorId: 'ada' }])
    expect(g.when(state, ask.decline({ actor: g.bob })).rejection).toEqual({
      code: 'recipient_mismatch',
      recipient: 'a…@example.com',
    })
    const unverified = g.person('ada', { email: 'ada@example.com', verified: false })
    expect(g.when(state, ask.decline({ actor: unverified })).code).toBe('email_unverified')
    expect(g.when(state, ask.decline({ actor: g.bob }), g.rules({ acceptance: 'session' })).code).toBeNull()
  })
  test('by id is for the one it was made to; by id without an actor is unauthenticated', () => {
    expect(g.when(state, ask.decline({ proof: g.byId })).invite?.status).toBe('declined')
    expect(g.when(state, ask.decline({ proof: g.byId, actor: g.bob })).code).toBe('invite_not_found')
    for (const actor of [nobody, 'system'] as const)
      expect(g.when(state, ask.decline({ proof: g.byId, actor })).code).toBe('unauthenticated')
  })
  test('frees the address and the place; a new invite can be made', () => {
    const { after } = g.when(state, ask.decline())
    expect(after.pending).toBe(0)
    expect(g.when(after, ask.create()).code).toBeNull()
  })
  test('twice is declining once: the first reason stays', () => {
    const { after } = g.when(state, ask.decline({ reason: 'no time' }))
    const again = g.when(after, ask.decline({ reason: 'no money' }))
    expect(again.events).toEqual([])
    expect(again.invite).toMatchObject({ declineReason: 'no time' })
  })
  test('a stranger with the token of a declined invite hears recipient_mismatch, not success', () => {
    const { after } = g.when(state, ask.decline())
    expect(g.when(after, ask.decline({ actor: g.bob })).code).toBe('recipient_mismatch')
  })
})

describe('opening', () => {
  test('sets openedAt once', () => {
    const first = g.when(state, ask.open({ actor: nobody }))
    expect(first.invite).toMatchObject({ status: 'pending', openedAt: g.now })
    expect(first.facts).toMatchObject([{ type: 'invite.opened', actorId: null }])
    expect(g.when({ ...first.after, now: g.from(5) }, ask.open()).after.invites.get(g.idOf(1))?.openedAt).toEqual(g.now)
  })
  test('does not accept, and changes no count', () => {
    const { after } = g.when(state, ask.open())
    expect([after.pending, after.seats]).toEqual([1, 0])
  })
})

test('asking for a new invite tells the inviter and changes nothing', () => {
  const past = g.given({ invites: [g.invite({ expiresAt: g.yesterday })] })
  const { facts, after } = g.when(past, ask.renew({ actor: nobody }))
  expect(facts).toEqual([{ type: 'invite.renewal_requested', inviteId: g.idOf(1), at: g.now, actorId: null }])
  expect(after.invites).toEqual(past.invites)
})
