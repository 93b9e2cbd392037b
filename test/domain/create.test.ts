// Making an invite: what it is then, and what of one that waits at the same address.
import { describe, expect, test } from 'vitest'
import * as ask from './ask.ts'
import * as g from './given.ts'

test("a created invite is pending, at the inviter's word, until its own length has passed", () => {
  const command = ask.create({ metadata: { team: 'blue' }, extra: { secret: 1 }, externalId: 'crm-1', templateId: 'warm' })
  const { events, answer, invite, after } = g.when(g.given({ templates: ['warm'] }), command)
  expect(events).toEqual(['invite.created'])
  expect(answer).toEqual({ inviteId: g.idOf(100), outcome: 'created' })
  expect(invite).toEqual({
    id: g.idOf(100),
    organizationId: 'acme',
    kind: 'personal',
    status: 'pending',
    recipient: g.to({ email: 'ada@example.com' }),
    role: 'member',
    inviterId: 'adam',
    inviterRole: 'admin',
    inviterName: 'adam',
    inviteeId: 'f0000000-0000-4000-8000-000000000100',
    externalId: 'crm-1',
    templateId: 'warm',
    template: null,
    metadata: { team: 'blue' },
    extra: { secret: 1 },
    channels: ['email'],
    linkPattern: null,
    keyId: 'key-now',
    generation: 1,
    codeHash: null,
    useCount: 0,
    createdAt: g.now,
    updatedAt: g.now,
    expiresAt: g.from(7 * g.day),
    lifetime: 7 * g.day,
    sentAt: g.now,
    sendCount: 1,
    openedAt: null,
    remindAt: null,
    erasedAt: null,
  })
  expect(after.pending).toBe(1)
})

test('an invite created without sending was never sent', () => {
  const { invite, facts } = g.when(g.given(), ask.create({ channels: [] }))
  expect(invite).toMatchObject({ sentAt: null, sendCount: 0, channels: [] })
  expect(facts).toMatchObject([{ sends: [] }])
})

test('a send goes to the address that its channel reaches, and only the mark of it is counted', () => {
  const recipient = g.to({ email: 'Ada@Example.com', phone: '+15550100' })
  const { facts } = g.when(g.given(), ask.create({ recipient, channels: ['email', 'sms'] }))
  const sends = [
    { channel: 'email', addressHash: 'mark of ada@example.com' },
    { channel: 'sms', addressHash: 'mark of +15550100' },
  ]
  expect(facts).toMatchObject([{ sends }])
})

test.each([['sms'], ['pigeon']])('the channel %s, without an address or a transport, is channel_unavailable', channel => {
  expect(g.when(g.given(), ask.create({ channels: [channel] })).rejection).toEqual({ code: 'channel_unavailable', channel })
})

test('an invite that never expires has no expiresAt; a code exists only when asked for', () => {
  expect(g.when(g.given(), ask.create({ lifetime: null })).invite).toMatchObject({
    expiresAt: null,
    lifetime: null,
    codeHash: null,
  })
  expect(g.when(g.given(), ask.create({ withCode: true })).invite?.codeHash).toBe(`hash of ${g.idOf(100)}/1`)
})

describe('when a live invite waits at the address', () => {
  const waiting = g.invite({
    recipient: g.to({ email: 'ada@example.com', phone: '+15550100', fullName: 'Ada L', locale: 'en' }),
  })
  const state = g.given({ invites: [waiting] })

  test.each([
    ['the same e-mail', g.to({ email: 'ADA@EXAMPLE.com' })],
    ['the same phone', g.to({ phone: '+15550100' })],
    ['the same phone under another e-mail', g.to({ email: 'other@example.com', phone: '+15550100' })],
  ])('%s is already_invited, with its id', (_, recipient) => {
    expect(g.when(state, ask.create({ recipient, channels: [] })).rejection).toEqual({
      code: 'already_invited',
      existingId: g.idOf(1),
    })
  })

  test('another address is another invite, and an open invite holds none', () => {
    expect(g.when(state, ask.create({ recipient: g.to({ email: 'bob@example.com' }) })).after.pending).toBe(2)
    const phoned = g.given({ invites: [g.invite({ recipient: g.to({ phone: '+15550100' }) })] })
    const another = ask.create({ recipient: g.to({ phone: '+15550177' }), channels: ['sms'] })
    expect(g.when(phoned, another).after.pending).toBe(2)
    expect(g.when(state, ask.create({ recipient: null, channels: [] })).after.pending).toBe(2)
    expect(g.when(g.given({ invites: [g.openInvite()] }), ask.create()).after.pending).toBe(2)
  })

  test('two that wait, at the e-mail and at the phone: the holder of the e-mail is the one named', () => {
    const byPhone = g.invite({ id: g.idOf(2), recipient: g.to({ phone: '+15550199' }) })
    const asBob = g.invite({ id: g.idOf(2), recipient: g.to({ email: 'bob@example.com', phone: '+15550199' }) })
    const both = g.to({ email: 'ada@example.com', phone: '+15550199' })
    for (const invites of [
      [byPhone, waiting],
      [waiting, byPhone],
      [asBob, waiting],
      [waiting, asBob],
    ]) {
      expect(g.when(g.given({ invites }), ask.create({ recipient: both })).rejection).toMatchObject({ existingId: g.idOf(1) })
    }
  })

  test('ifPending: return answers with it and writes nothing', () => {
    const { events, answer } = g.when(state, ask.create({ ifPending: 'return', role: 'viewer' }))
    expect(events).toEqual([])
    expect(answer).toEqual({ inviteId: g.idOf(1), outcome: 'existing' })
  })

  test('ifPending: resend applies the new role, names and metadata, then sends', () => {
    const recipient = g.to({ email: 'ada@example.com', firstName: 'Ada' })
    const command = ask.create({ ifPending: 'resend', role: 'viewer', recipient, metadata: { team: 'red' } })
    const { events, answer, invite, after } = g.when(state, command)
    expect(events).toEqual(['invite.updated', 'invite.resent'])
    expect(answer).toEqual({ inviteId: g.idOf(1), outcome: 'resent' })
    expect(invite).toMatchObject({
      role: 'viewer',
      metadata: { team: 'red' },
      sendCount: 2,
      sentAt: g.now,
      expiresAt: g.from(7 * g.day),
      generation: 1,
    })
    expect(invite).toMatchObject({
      recipient: { phone: '+15550100', fullName: 'Ada L', firstName: 'Ada', lastName: null, locale: 'en' },
    })
    expect(after.pending).toBe(1)
  })

  test('ifPending: resend takes over every name that is given', () => {
    const names = { fullName: 'Augusta Ada King', firstName: 'Augusta', lastName: 'King', locale: 'en-GB' }
    const command = ask.create({ ifPending: 'resend', recipient: g.to({ email: 'ada@example.com', ...names }) })
    const { after, invite } = g.when(state, command)
    expect(invite).toMatchObject({ recipient: { ...names, phone: '+15550100' } })
    expect(g.when(after, ask.create({ ifPending: 'resend' })).invite).toMatchObject({ recipient: names })
  })

  test('ifPending: resend with nothing new is a send alone', () => {
    expect(g.when(state, ask.create({ ifPending: 'resend' })).events).toEqual(['invite.resent'])
  })

  test('ifPending: resend that is refused changes nothing either', () => {
    const limits = { resendCooldown: 2 * g.day }
    const { code, events } = g.when(state, ask.create({ ifPending: 'resend', role: 'viewer' }), g.rules({ limits }))
    expect([code, events]).toEqual(['resend_too_soon', []])
  })

  test.each(['return', 'resend'] as const)("ifPending: %s needs the right to grant the found invite's role", ifPending => {
    const forAdmin = g.given({ invites: [g.invite({ role: 'admin' })] })
    expect(g.when(forAdmin, ask.create({ ifPending })).rejection).toEqual({ code: 'role_not_grantable', role: 'admin' })
    expect(g.when(forAdmin, ask.create({ ifPending, actor: g.owner })).code).toBeNull()
    expect(g.when(forAdmin, ask.create({ ifPending, actor: 'system' })).code).toBeNull()
  })
})

describe('when the invite at the address is past its time', () => {
  const past = g.invite({ expiresAt: g.yesterday })

  test('it gives back the address in the same decision, with one invite.expired event', () => {
    const { events, after } = g.when(g.given({ invites: [past] }), ask.create())
    expect(events).toEqual(['invite.expired', 'invite.created'])
    expect(after.invites.get(g.idOf(1))?.status).toBe('expired')
    expect(after.pending).toBe(1)
  })

  test('two that held one address each are both expired, once each', () => {
    const byPhone = g.invite({ id: g.idOf(2), expiresAt: g.yesterday, recipient: g.to({ phone: '+15550100' }) })
    const both = g.to({ email: 'ada@example.com', phone: '+15550100' })
    const { facts } = g.when(g.given({ invites: [past, byPhone] }), ask.create({ recipient: both }))
    expect(facts).toMatchObject([
      { type: 'invite.expired', inviteId: g.idOf(1), actorId: null, at: g.now },
      { type: 'invite.expired', inviteId: g.idOf(2), actorId: null, at: g.now },
      { type: 'invite.created', inviteId: g.idOf(100), actorId: 'adam', at: g.now },
    ])
  })

  test('one that is stored as expired already is left alone', () => {
    const stored = g.invite({ expiresAt: g.yesterday, status: 'expired' })
    expect(g.when(g.given({ invites: [stored] }), ask.create()).events).toEqual(['invite.created'])
  })
})

test.each([
  ['e-mail', { emailKey: g.mail('ada@example.com') }],
  ['phone', { phoneKey: g.tel('+15550100') }],
])('a member at this %s is already_member, one who was removed is not', (_, address) => {
  const command = ask.create({ recipient: g.to({ email: 'ada@example.com', phone: '+15550100' }) })
  expect(g.when(g.given({ members: [g.memberFact('ada', address)] }), command).code).toBe('already_member')
  expect(g.when(g.given({ members: [g.memberFact('ada', { ...address, removed: true })] }), command).code).toBeNull()
})
