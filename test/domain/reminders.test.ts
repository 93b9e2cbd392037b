// Reminders and expiry notices: when they are due, to whom they go, and what they change.
import { describe, expect, test } from 'vitest'
import { nextReminder } from '../../src/domain/reminders.ts'
import * as ask from './ask.ts'
import * as g from './given.ts'

const plan = { after: [3 * g.day], before: [g.day] }
const rules = g.rules({ reminders: plan })

describe('the next reminder', () => {
  const sent = { sentAt: g.now, expiresAt: g.from(7 * g.day) }
  const at = (now: Date, from: Parameters<typeof nextReminder>[1] = sent) => nextReminder(plan, from, now)

  test('is the first moment of the plan that is still to come, to the millisecond', () => {
    expect(at(g.now)).toEqual(g.from(3 * g.day))
    expect(at(g.from(3 * g.day - 1))).toEqual(g.from(3 * g.day))
    expect(at(g.from(3 * g.day))).toEqual(g.from(6 * g.day))
    expect(at(g.from(6 * g.day))).toBeNull()
  })
  test('is the earliest, in whatever order the plan has them', () => {
    const mixed = { after: [5 * g.day, g.day], before: [g.day, 5 * g.day] }
    expect(nextReminder(mixed, sent, g.now)).toEqual(g.from(g.day))
    expect(nextReminder(mixed, sent, g.from(g.day))).toEqual(g.from(2 * g.day))
  })
  test('never comes in or after the moment of expiry', () => {
    const short = { ...sent, expiresAt: g.from(3 * g.day) }
    expect(at(g.now, short)).toEqual(g.from(2 * g.day))
    expect(at(g.from(2 * g.day), short)).toBeNull()
    expect(at(g.now, { ...sent, expiresAt: g.from(3 * g.day + 1) })).toEqual(g.from(2 * g.day + 1))
  })
  test('never comes in or before the moment of the send', () => {
    expect(at(g.from(-g.day), { ...sent, expiresAt: g.from(g.day) })).toBeNull()
    expect(at(g.from(-9 * g.day), { ...sent, expiresAt: g.from(g.day + 1) })).toEqual(g.from(1))
  })
  test('of an invite that never expires is counted from the send alone', () => {
    expect(at(g.now, { ...sent, expiresAt: null })).toEqual(g.from(3 * g.day))
    expect(at(g.from(3 * g.day), { ...sent, expiresAt: null })).toBeNull()
  })
  test('of what was not sent, and without a plan, is none', () => {
    expect(at(g.now, { ...sent, sentAt: null })).toBeNull()
    expect(nextReminder({ after: [], before: [] }, sent, g.now)).toBeNull()
  })
})

describe('it is planned', () => {
  test('when an invite is made and sent, not when it is made to be copied', () => {
    expect(g.when(g.given(), ask.create(), rules).invite).toMatchObject({ remindAt: g.from(3 * g.day) })
    expect(g.when(g.given(), ask.create({ channels: [] }), rules).invite).toMatchObject({ remindAt: null })
    expect(g.when(g.given(), ask.create({ recipient: null, channels: [] }), rules).invite).toMatchObject({ remindAt: null })
    expect(g.when(g.given(), ask.create()).invite).toMatchObject({ remindAt: null })
  })
  test('anew by a resend, from that send on', () => {
    const state = g.given({ invites: [g.invite({ remindAt: g.from(g.day) })] })
    expect(g.when(state, ask.resend(), rules).invite).toMatchObject({ remindAt: g.from(3 * g.day) })
    const never = g.given({ invites: [g.invite({ sentAt: null, sendCount: 0 })] })
    expect(g.when(never, ask.resend({ channels: [] }), rules).invite).toMatchObject({ remindAt: null })
    const expired = g.given({ invites: [g.invite({ expiresAt: g.yesterday, status: 'expired' })] })
    expect(g.when(expired, ask.resend(), rules).invite).toMatchObject({ remindAt: g.from(3 * g.day) })
  })
  test('anew by a resend that sends nothing, from the send before and to the new expiry', () => {
    const state = g.given({ invites: [g.invite({ sentAt: g.from(-5 * g.day), remindAt: null })] })
    expect(g.when(state, ask.resend({ channels: [] }), rules).invite).toMatchObject({ remindAt: g.from(6 * g.day) })
  })
  test('anew by an update of the expiry, and left as it is by any other', () => {
    const state = g.given({ invites: [g.invite({ remindAt: g.from(2 * g.day) })] })
    const updated = (changes: object) => g.when(state, ask.update({ changes }), rules).invite
    expect(updated({ lifetime: 2 * g.day })).toMatchObject({ remindAt: g.from(g.day) })
    expect(updated({ lifetime: null })).toMatchObject({ remindAt: g.from(2 * g.day) })
    expect(updated({ lifetime: g.hour })).toMatchObject({ remindAt: null })
    const planned = g.given({ invites: [g.invite({ remindAt: g.from(g.hour) })] })
    expect(g.when(planned, ask.update(), rules).invite).toMatchObject({ role: 'viewer', remindAt: g.from(g.hour) })
  })
  test('one that has fallen due and was not sent yet is still to come when the expiry changes', () => {
    for (const due of [g.now, g.from(-g.hour)]) {
      const sentAt = new Date(due.getTime() - 3 * g.day)
      const state = g.given({ invites: [g.invite({ sentAt, remindAt: due })] })
      expect(g.when(state, ask.update({ changes: { lifetime: 9 * g.day } }), rules).invite).toMatchObject({ remindAt: due })
    }
  })
  test("anew by `ifPending: 'resend'`", () => {
    const state = g.given({ invites: [g.invite({ remindAt: g.from(g.day) })] })
    const { after } = g.when(state, ask.create({ ifPending: 'resend', role: 'viewer' }), rules)
    expect(after.invites.get(g.idOf(1))).toMatchObject({ role: 'viewer', remindAt: g.from(3 * g.day) })
  })
  test('no more once the invite is answered, revoked, erased or expired', () => {
    const state = g.given({ invites: [g.invite({ remindAt: g.from(g.day) })] })
    for (const command of [ask.accept(), ask.decline(), ask.revoke(), ask.erase()])
      expect(g.when(state, command, rules).invite).toMatchObject({ remindAt: null })
    const past = g.given({ invites: [g.invite({ remindAt: g.yesterday, expiresAt: g.now })] })
    expect(g.when(past, ask.expire(), rules).invite).toMatchObject({ status: 'expired', remindAt: null })
  })
  test('still, after the invite was opened or looked at', () => {
    const state = g.given({ invites: [g.invite({ remindAt: g.from(g.day) })] })
    expect(g.when(state, ask.open(), rules).invite).toMatchObject({ openedAt: g.now, remindAt: g.from(g.day) })
  })
})

describe('a reminder', () => {
  const both = g.to({ email: 'ada@example.com', phone: '+15550100' })
  const due = g.invite({ remindAt: g.now, recipient: both, channels: ['email', 'sms'] })
  const state = g.given({ invites: [due] })
  const mail = { channel: 'email', addressHash: 'mark of ada@example.com' }
  const sms = { channel: 'sms', addressHash: 'mark of +15550100' }
  const sends = (...call: Parameters<typeof g.when>) =>
    g.when(...call).facts.flatMap(event => (event.type === 'reminder.due' ? event.sends : []))

  test('goes to the channels of the last send, plans the next one, and changes nothing else', () => {
    const { facts, invite, after, answer } = g.when(state, ask.remind(), rules)
    const remindAt = g.from(2 * g.day)
    expect(facts).toEqual([
      { type: 'reminder.due', inviteId: g.idOf(1), at: g.now, actorId: null, sends: [mail, sms], remindAt },
    ])
    expect(answer).toEqual({ inviteId: g.idOf(1) })
    expect(invite).toEqual({ ...due, remindAt })
    expect([after.pending, after.createdToday.size]).toEqual([1, 0])
    expect(sends(g.given({ invites: [{ ...due, channels: ['sms'] }] }), ask.remind(), rules)).toEqual([sms])
  })
  test('comes in its very millisecond and not one before, once, and is one for all moments that were missed', () => {
    expect(sends(g.given({ invites: [{ ...due, remindAt: g.from(1) }] }), ask.remind(), rules)).toEqual([])
    const missed = { ...due, sentAt: g.from(-6 * g.day), remindAt: g.from(-3 * g.day), expiresAt: g.from(g.hour) }
    const { events, invite, after } = g.when(g.given({ invites: [missed] }), ask.remind(), rules)
    expect([events, invite?.remindAt]).toEqual([['reminder.due'], null])
    expect(g.when(after, ask.remind(), rules).events).toEqual([])
  })
  test('leaves out channels whose last message did not arrive, that have no transport any more, or no address', () => {
    expect(sends(state, ask.remind({ channels: ['sms'] }), rules)).toEqual([sms])
    expect(sends(state, ask.remind({ channels: ['email', 'fax'] }), rules)).toEqual([mail])
    const noSms = g.rules({ reminders: plan, addressKinds: new Map([['email', 'email']]) })
    expect(sends(state, ask.remind(), noSms)).toEqual([mail])
    const noPhone = g.given({ invites: [g.invite({ remindAt: g.now, channels: ['email', 'sms'] })] })
    expect(sends(noPhone, ask.remind(), rules)).toEqual([mail])
  })
  test('that can go nowhere is over all the same', () => {
    const { events, invite } = g.when(state, ask.remind({ channels: [] }), rules)
    expect([events, sends(state, ask.remind({ channels: [] }), rules)]).toEqual([['reminder.due'], []])
    expect(invite).toMatchObject({ remindAt: g.from(2 * g.day) })
  })
  test('counts as a send to its address, and is left out where that was sent enough today', () => {
    const limited = g.rules({ reminders: plan, limits: { perRecipientPerDay: 2 } })
    const sent = new Map([[mail.addressHash, { count: 2, oldest: g.from(-g.hour) }]])
    expect(sends(g.given({ invites: [due], sends: sent }), ask.remind(), limited)).toEqual([sms])
    const { after } = g.when(state, ask.remind(), limited)
    expect(after.sentToday.get(mail.addressHash)).toEqual({ count: 1, oldest: g.now })
  })
  test('is no resend: neither cooldown nor the cap of the inviter stands against it, nor does it start one', () => {
    const strict = g.rules({ reminders: plan, limits: { resendCooldown: 9 * g.day, perInviterPerDay: 0 } })
    expect(sends(state, ask.remind(), strict)).toEqual([mail, sms])
    expect(g.when(state, ask.remind(), rules).invite).toMatchObject({ sentAt: g.yesterday, sendCount: 1 })
  })
  test('of an invite that is not there, or has none planned, writes nothing', () => {
    expect(g.when(g.given(), ask.remind(), rules).answer).toEqual({ inviteId: g.idOf(1) })
    expect(g.when(g.given({ invites: [{ ...due, remindAt: null }] }), ask.remind(), rules).events).toEqual([])
  })
})

describe('an expiry notice', () => {
  const told = g.rules({ noticeChannel: 'email' })
  const past = { expiresAt: g.yesterday }
  const events = (invites: Parameters<typeof g.given>[0], rules = told) => g.when(g.given(invites), ask.expire(), rules).events

  test('is due to the inviter when the expiry is written down, once', () => {
    const { facts, after } = g.when(g.given({ invites: [g.invite(past)] }), ask.expire(), told)
    expect(facts).toEqual([
      { type: 'invite.expired', inviteId: g.idOf(1), at: g.now, actorId: null },
      { type: 'notice.due', inviteId: g.idOf(1), at: g.now, actorId: null, channel: 'email' },
    ])
    expect(g.when(after, ask.expire(), told).events).toEqual([])
    expect(after.sentToday.size).toBe(0)
  })
  test('is off by default', () => {
    expect(events({ invites: [g.invite(past)] }, g.rules())).toEqual(['invite.expired'])
  })
  test('is not due of an open invite, of one without an inviter, nor to one who left', () => {
    const members = [g.memberFact('adam', { role: 'admin', removed: true })]
    expect(events({ invites: [g.openInvite(past)] })).toEqual(['invite.expired'])
    expect(events({ invites: [g.invite({ ...past, inviterId: null })] })).toEqual(['invite.expired'])
    expect(events({ invites: [g.invite(past)], members })).toEqual(['invite.expired'])
    expect(events({ invites: [g.invite(past)], members: [g.memberFact('adam')] })).toEqual(['invite.expired', 'notice.due'])
  })
  test('is not due when a new invite or a resend takes the place of an expired one', () => {
    const state = g.given({ invites: [g.invite(past)] })
    expect(g.when(state, ask.create(), told).events).toEqual(['invite.expired', 'invite.created'])
    expect(g.when(state, ask.resend(), told).events).toEqual(['invite.expired', 'invite.resent'])
  })
})
