// Sending again: the same link or a new one, the expiry renewed, an expired invite pending again.
import { describe, expect, test } from 'vitest'
import * as ask from './ask.ts'
import * as g from './given.ts'

const state = g.given({ invites: [g.invite()] })

test("a resend keeps the token, renews the expiry to the invite's own length and counts the send", () => {
  const { invite, facts } = g.when(state, ask.resend())
  expect(invite).toMatchObject({
    generation: 1,
    keyId: 'key-now',
    expiresAt: g.from(7 * g.day),
    sendCount: 2,
    sentAt: g.now,
    updatedAt: g.now,
  })
  expect(facts).toMatchObject([
    { type: 'invite.resent', actorId: 'adam', sends: [{ channel: 'email', addressHash: 'mark of ada@example.com' }] },
  ])
})

test('a resend counts for whoever made it, as one that sends nothing does', () => {
  for (const channels of [null, []])
    expect(g.when(state, ask.resend({ channels })).after.createdToday).toEqual(new Map([['adam', { count: 1, oldest: g.now }]]))
})

test('an invite that never expires still never expires', () => {
  const never = g.given({ invites: [g.invite({ expiresAt: null, lifetime: null })] })
  expect(g.when(never, ask.resend()).invite).toMatchObject({ expiresAt: null, lifetime: null })
})

test("a length given with the resend is the invite's own from then on", () => {
  expect(g.when(state, ask.resend({ lifetime: g.day })).invite).toMatchObject({ expiresAt: g.from(g.day), lifetime: g.day })
  expect(g.when(state, ask.resend({ lifetime: null })).invite).toMatchObject({ expiresAt: null, lifetime: null })
})

describe('the token', () => {
  test('is rotated on demand, under the key that signs now, and the code with it', () => {
    const old = g.given({ invites: [g.invite({ keyId: 'key-old', codeHash: 'old' })] })
    expect(g.when(old, ask.resend({ rotate: true })).invite).toMatchObject({
      generation: 2,
      keyId: 'key-now',
      codeHash: `hash of ${g.idOf(1)}/2`,
    })
  })
  test('stays as long as its key is known, although another signs now', () => {
    const old = g.given({ invites: [g.invite({ keyId: 'key-old', codeHash: 'old' })] })
    expect(g.when(old, ask.resend()).invite).toMatchObject({ generation: 1, keyId: 'key-old', codeHash: 'old' })
  })
  test('is a new one in any case when the host has dropped its key', () => {
    const dropped = g.given({ invites: [g.invite({ keyId: 'dropped' })] })
    expect(g.when(dropped, ask.resend()).invite).toMatchObject({ generation: 2, keyId: 'key-now', codeHash: null })
  })
})

describe('the channels', () => {
  const both = g.given({ invites: [g.invite({ recipient: g.to({ email: 'ada@example.com', phone: '+15550100' }) })] })

  test('are every one that has an address, unless some are named', () => {
    expect(g.when(both, ask.resend()).invite?.channels).toEqual(['email', 'sms'])
    expect(g.when(both, ask.resend({ channels: ['sms'] })).invite?.channels).toEqual(['sms'])
    expect(g.when(state, ask.resend()).invite?.channels).toEqual(['email'])
  })
  test('that have no address or no transport are channel_unavailable', () => {
    expect(g.when(state, ask.resend({ channels: ['sms'] })).rejection).toEqual({ code: 'channel_unavailable', channel: 'sms' })
    expect(g.when(both, ask.resend({ channels: ['email', 'fax'] })).rejection).toEqual({
      code: 'channel_unavailable',
      channel: 'fax',
    })
  })
  test('may be none: then it is renewed and not sent', () => {
    expect(g.when(state, ask.resend({ channels: [] })).invite).toMatchObject({
      sendCount: 1,
      sentAt: g.yesterday,
      channels: ['email'],
      expiresAt: g.from(7 * g.day),
    })
  })
})

describe('an expired invite', () => {
  const stored = g.invite({ expiresAt: g.yesterday, status: 'expired' })
  const past = g.invite({ expiresAt: g.yesterday })

  test('is pending again and counted again, with one invite.expired if its row did not say so yet', () => {
    for (const [invite, events] of [
      [stored, ['invite.resent']],
      [past, ['invite.expired', 'invite.resent']],
    ] as const) {
      const result = g.when(g.given({ invites: [invite] }), ask.resend())
      expect(result.events).toEqual(events)
      expect(result.invite).toMatchObject({ status: 'pending', expiresAt: g.from(7 * g.day) })
      expect(result.after.pending).toBe(1)
    }
  })
  test('is already_invited when a newer live one holds the address', () => {
    const newer = g.invite({ id: g.idOf(2) })
    expect(g.when(g.given({ invites: [stored, newer] }), ask.resend()).rejection).toEqual({
      code: 'already_invited',
      existingId: g.idOf(2),
    })
  })
  test('takes the address from another whose time is over, which expires in the same decision', () => {
    const other = g.invite({ id: g.idOf(2), expiresAt: g.yesterday })
    const { facts, after } = g.when(g.given({ invites: [stored, other] }), ask.resend())
    expect(facts).toMatchObject([
      { type: 'invite.expired', inviteId: g.idOf(2) },
      { type: 'invite.resent', inviteId: g.idOf(1) },
    ])
    expect(after.pending).toBe(1)
  })
})
