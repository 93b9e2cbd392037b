// Who may accept, and what an acceptance is.
import { describe, expect, test } from 'vitest'
import { maskPhone } from '../../src/domain/address.ts'
import * as ask from './ask.ts'
import * as g from './given.ts'

const session = g.rules({ acceptance: 'session' })
const toAda = g.given({ invites: [g.invite()] })
const toPhone = g.given({ invites: [g.invite({ recipient: g.to({ phone: '+15550100' }) })] })
const toBoth = g.given({ invites: [g.invite({ recipient: g.to({ email: 'ada@example.com', phone: '+15550100' }) })] })
const mismatch = (recipient: string) => ({ code: 'recipient_mismatch', recipient })
const unverified = { code: 'email_unverified', recipient: 'a…@example.com' }

test('an acceptance is one event, one member and an accepted invite', () => {
  const { events, answer, invite, after } = g.when(toAda, ask.accept())
  expect(events).toEqual(['invite.accepted'])
  expect(answer).toEqual({ inviteId: g.idOf(1), repeated: false, member: { userId: 'ada', role: 'member' } })
  expect(invite).toMatchObject({ status: 'accepted', acceptedBy: 'ada', acceptedAt: g.now, updatedAt: g.now, useCount: 1 })
  expect(after.members.get('ada')).toEqual({
    userId: 'ada',
    role: 'member',
    emailKey: 'ada@example.com',
    phoneKey: null,
    removed: false,
  })
  expect([after.seats, after.pending, after.uses.size]).toEqual([1, 0, 0])
})

test('the member keeps only addresses that were verified', () => {
  const verified = g.person('ada', { phone: '+15550100' })
  const claimed = g.person('ada', { email: 'ada@example.com', phone: '+15550100', verified: false })
  expect(g.when(toPhone, ask.accept({ actor: verified })).after.members.get('ada')).toMatchObject({
    emailKey: null,
    phoneKey: '+15550100',
  })
  expect(g.when(toPhone, ask.accept({ actor: claimed })).after.members.get('ada')).toMatchObject({
    emailKey: null,
    phoneKey: null,
  })
})

test.each([
  ['the system', 'system'],
  ['an API key', g.apiKey],
  ['nobody', g.person(null)],
] as const)('%s is never a member: unauthenticated', (_, actor) => {
  expect(g.when(toAda, ask.accept({ actor })).rejection).toEqual({ code: 'unauthenticated' })
  expect(g.when(toAda, ask.accept({ actor }), session).rejection).toEqual({ code: 'unauthenticated' })
})

describe('acceptance: match', () => {
  const who = {
    verified: g.ada,
    'verified, in other letters': g.person('ada', { email: 'ADA@Example.com' }),
    'unverified match': g.person('ada', { email: 'ada@example.com', verified: false }),
    'another address': g.bob,
    'another address, unverified': g.person('bob', { email: 'bob@example.com', verified: false }),
    'no address': g.person('bob'),
    'the phone alone': g.person('ada', { phone: '+15550100' }),
    'unverified phone': g.person('ada', { phone: '+15550100', verified: false }),
    'another phone': g.person('bob', { phone: '+15550177' }),
    'another phone, unverified': g.person('bob', { phone: '+15550177', verified: false }),
    'verified phone, unverified e-mail': {
      ...g.person('ada', { phone: '+15550100' }),
      email: { text: '', key: g.mail('ada@example.com'), verified: false },
    },
  }
  // biome-ignore format: a table is read by its columns
  const table: [keyof typeof who, string | null, string | null, string | null][] = [
    //                                    by e-mail             by phone              by both
    ['verified',                          null,                 null,                 null],
    ['verified, in other letters',        null,                 null,                 null],
    ['unverified match',                  'email_unverified',   null,                 'email_unverified'],
    ['another address',                   'recipient_mismatch', null,                 'recipient_mismatch'],
    ['another address, unverified',       'recipient_mismatch', null,                 'recipient_mismatch'],
    ['no address',                        'recipient_mismatch', null,                 'recipient_mismatch'],
    ['the phone alone',                   'recipient_mismatch', null,                 'recipient_mismatch'],
    ['another phone',                     'recipient_mismatch', 'recipient_mismatch', 'recipient_mismatch'],
    ['another phone, unverified',         'recipient_mismatch', null,                 'recipient_mismatch'],
    ['verified phone, unverified e-mail', 'email_unverified',   null,                 'email_unverified'],
  ]
  test.each(table)('with the token and %s: invited by e-mail %s, by phone %s, by both %s', (name, ...codes) => {
    const heard = [toAda, toPhone, toBoth].map(state => g.when(state, ask.accept({ actor: who[name] })).code)
    expect(heard).toEqual(codes)
  })

  // biome-ignore format: a table is read by its columns
  const byId: [keyof typeof who, string | null, string | null, string | null][] = [
    ['verified',                          null,               'invite_not_found', null],
    ['unverified match',                  'email_unverified', 'invite_not_found', 'email_unverified'],
    ['another address',                   'invite_not_found', 'invite_not_found', 'invite_not_found'],
    ['no address',                        'invite_not_found', 'invite_not_found', 'invite_not_found'],
    ['the phone alone',                   'invite_not_found', null,               null],
    ['unverified phone',                  'invite_not_found', 'invite_not_found', 'invite_not_found'],
    ['another phone',                     'invite_not_found', 'invite_not_found', 'invite_not_found'],
    ['verified phone, unverified e-mail', 'email_unverified', null,               null],
  ]
  test.each(byId)('by id and %s: invited by e-mail %s, by phone %s, by both %s, under either policy', (name, ...codes) => {
    for (const rules of [g.rules(), session]) {
      const heard = [toAda, toPhone, toBoth].map(
        state => g.when(state, ask.accept({ actor: who[name], proof: g.byId }), rules).code,
      )
      expect(heard).toEqual(codes)
    }
  })

  test('the wrong account hears the address masked, and the invite is not burned', () => {
    const { rejection, after } = g.when(toAda, ask.accept({ actor: g.bob }))
    expect(rejection).toEqual(mismatch('a…@example.com'))
    expect(g.when(after, ask.accept()).code).toBeNull()
    expect(g.when(toAda, ask.accept({ actor: who['unverified match'] })).rejection).toEqual(unverified)
    expect(g.when(toPhone, ask.accept({ actor: who['another phone'] })).rejection).toEqual(mismatch(maskPhone('+15550100')))
  })

  test('a code proves as much as a token', () => {
    const coded = g.given({ invites: [g.invite({ codeHash: 'h1' })] })
    expect(g.when(coded, ask.accept({ proof: g.byCode('h0', 'h1') })).code).toBeNull()
    expect(g.when(coded, ask.accept({ actor: g.bob, proof: g.byCode('h1') })).code).toBe('recipient_mismatch')
  })
})

test('acceptance: session lets in any signed-in actor who holds the token or code', () => {
  for (const proof of [g.byToken, g.byCode('h1')]) {
    expect(
      g.when(g.given({ invites: [g.invite({ codeHash: 'h1' })] }), ask.accept({ actor: g.bob, proof }), session).invite,
    ).toMatchObject({ acceptedBy: 'bob' })
  }
})

test('a rotated token opens nothing any more', () => {
  const rotated = g.given({ invites: [g.invite({ generation: 2 })] })
  for (const command of [ask.accept(), ask.decline(), ask.open(), ask.renew()])
    expect(g.when(rotated, command).code).toBe('invite_not_found')
  expect(g.when(rotated, ask.accept({ proof: { by: 'token', generation: 2 } })).code).toBeNull()
})

test('an old code, or a code for an invite without one, opens nothing', () => {
  for (const codeHash of ['h2', null]) {
    expect(g.when(g.given({ invites: [g.invite({ codeHash })] }), ask.accept({ proof: g.byCode('h1') })).code).toBe(
      'invite_not_found',
    )
  }
})

test('an erased invite has no address to show, not even a masked one', () => {
  const { after } = g.when(g.given({ invites: [g.invite()] }), ask.erase())
  expect(g.when(after, ask.accept({ actor: g.person('bob', { phone: '+15550177' }) })).rejection).toEqual(mismatch(''))
})

test('accepting twice by the same person is one acceptance', () => {
  const { after } = g.when(toAda, ask.accept())
  const again = g.when(after, ask.accept())
  expect(again.events).toEqual([])
  expect(again.answer).toEqual({ inviteId: g.idOf(1), repeated: true, member: { userId: 'ada', role: 'member' } })
})

test('accepting again answers with the role of today', () => {
  const { after } = g.when(toAda, ask.accept())
  const changed = g.when(after, { type: 'member.setRole', actor: 'system', userId: 'ada', role: 'admin' }).after
  expect(g.when(changed, ask.accept()).answer?.member).toEqual({ userId: 'ada', role: 'admin' })
})

test('accepting again after the member was removed adds nobody: member is null', () => {
  const { after } = g.when(toAda, ask.accept())
  const removed = g.when(after, { type: 'member.remove', actor: 'system', userId: 'ada' }).after
  const again = g.when(removed, ask.accept())
  expect(again.answer).toEqual({ inviteId: g.idOf(1), repeated: true, member: null })
  expect([again.events, again.after.seats]).toEqual([[], 0])
})

test('somebody who is a member already is already_member; the invite stays pending', () => {
  const state = g.given({ invites: [g.invite()], members: [g.memberFact('ada')] })
  expect(g.when(state, ask.accept()).rejection).toEqual({ code: 'already_member' })
})

test('somebody who was a member once may join again with a new invite', () => {
  const state = g.given({ invites: [g.invite()], members: [g.memberFact('ada', { removed: true })] })
  expect(g.when(state, ask.accept()).after.seats).toBe(1)
})

test('the role that was shown is the role that is given: otherwise role_changed', () => {
  expect(g.when(toAda, ask.accept({ role: 'member' })).code).toBeNull()
  expect(g.when(toAda, ask.accept({ role: 'viewer' })).rejection).toEqual({ code: 'role_changed', role: 'member' })
})
