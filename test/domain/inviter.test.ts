// The inviter: who vouches for an invite, and whether they still may when it is accepted.
import { describe, expect, test } from 'vitest'
import * as ask from './ask.ts'
import * as g from './given.ts'

const adamIs = (role: string, removed = false) => g.memberFact('adam', { role, removed })
const ofOlga = { inviterId: 'olga', inviterRole: 'owner', inviterName: 'olga' }
const ofAdam = { inviterId: 'adam', inviterRole: 'admin', inviterName: 'Adam' }

describe('at acceptance the inviter is asked again', () => {
  const unauthorized = { code: 'inviter_unauthorized' }
  const state = (...members: ReturnType<typeof adamIs>[]) => g.given({ invites: [g.invite()], members })

  test('one who may still grant the role is fine', () => {
    expect(g.when(state(adamIs('admin')), ask.accept()).code).toBeNull()
    expect(g.when(state(adamIs('owner')), ask.accept()).code).toBeNull()
  })
  test('one whose role no longer suffices is inviter_unauthorized', () => {
    expect(g.when(state(adamIs('viewer')), ask.accept()).rejection).toEqual(unauthorized)
    expect(g.when(state(adamIs('gone from the rules')), ask.accept()).rejection).toEqual(unauthorized)
  })
  test('one who was removed is inviter_unauthorized', () => {
    expect(g.when(state(adamIs('admin', true)), ask.accept()).rejection).toEqual(unauthorized)
  })
  test('one that the member table never knew keeps the role of that day', () => {
    expect(g.when(state(), ask.accept()).code).toBeNull()
    const once = g.given({ invites: [g.invite({ inviterRole: 'viewer' })] })
    expect(g.when(once, ask.accept()).rejection).toEqual(unauthorized)
  })
  test('without an inviter nothing is asked', () => {
    const ownerless = g.given({ invites: [g.invite({ role: 'owner', inviterId: null, inviterRole: null })] })
    expect(g.when(ownerless, ask.accept()).code).toBeNull()
  })
  test('the invite stays pending, and is good again when somebody else sends it', () => {
    const left = state(adamIs('admin', true))
    const { after } = g.when(left, ask.resend({ actor: g.owner }))
    expect(g.when(after, ask.accept()).code).toBeNull()
  })
})

describe('the inviter becomes', () => {
  const state = g.given({ invites: [g.invite()] })

  test('whoever resends', () => {
    expect(g.when(state, ask.resend({ actor: g.owner })).invite).toMatchObject(ofOlga)
  })
  test('whoever gives another role', () => {
    expect(g.when(state, ask.update({ actor: g.owner, changes: { role: 'admin' } })).invite).toMatchObject(ofOlga)
  })
  test('whoever invites again with ifPending: resend', () => {
    expect(g.when(state, ask.create({ actor: g.owner, ifPending: 'resend' })).invite).toMatchObject(ofOlga)
  })
  test('not whoever changes something else, or gives the same role', () => {
    const changes = { role: 'member', metadata: { team: 'red' } }
    for (const asked of [changes, { metadata: changes.metadata }]) {
      const { invite } = g.when(state, ask.update({ actor: g.owner, changes: asked }))
      expect(invite).toMatchObject({ ...ofAdam, metadata: { team: 'red' } })
    }
  })
  test('nobody when an API key resends: then nothing is asked at acceptance', () => {
    expect(g.when(state, ask.resend({ actor: g.apiKey })).invite).toMatchObject({
      inviterId: null,
      inviterRole: 'admin',
      inviterName: null,
    })
  })
  test('nobody when the system gives another role: the old inviter never vouched for it', () => {
    const { invite, after } = g.when(state, ask.update({ actor: 'system', changes: { role: 'owner' } }))
    expect(invite).toMatchObject({ role: 'owner', inviterId: null, inviterRole: null, inviterName: null })
    expect(g.when(after, ask.accept()).answer?.member).toEqual({ userId: 'ada', role: 'owner' })
  })
  test('the same as before when the system sends a reminder', () => {
    expect(g.when(state, ask.resend({ actor: 'system' })).invite).toMatchObject(ofAdam)
  })
})
