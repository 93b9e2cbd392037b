// The table of domain.md, cell by cell, through decide: each outcome typed by hand.
import { describe, expect, test } from 'vitest'
import type { Command } from '../../src/domain/command.ts'
import { checkTransition } from '../../src/domain/decide/decision.ts'
import type { InviteRecord } from '../../src/domain/invite.ts'
import type { OrganizationState } from '../../src/domain/state.ts'
import * as ask from './ask.ts'
import * as g from './given.ts'

// A cell is the rejection's code, or `same` (a success that writes nothing), or the events and the status after them.
const commands: Record<string, Command> = {
  accept: ask.accept(),
  decline: ask.decline(),
  resend: ask.resend(),
  revoke: ask.revoke(),
  update: ask.update(),
  open: ask.open(),
  renew: ask.renew(),
  erase: ask.erase(),
  expire: ask.expire(),
  remind: ask.remind(),
}

function outcomeOf(organization: OrganizationState, command: Command): string {
  const { code, events, invite } = g.when(organization, command)
  if (code !== null) return code
  if (events.length === 0) return 'same'
  return `${events.map(type => type.replace('invite.', '')).join(' + ')} → ${invite?.status}`
}

const past = { expiresAt: g.now }
const due = { remindAt: g.now }
const accepted = { status: 'accepted', acceptedAt: g.yesterday } as const
const revoked = { status: 'revoked', revokedAt: g.yesterday, revokedBy: 'adam', revokeReason: null } as const

describe('a personal invite', () => {
  const states: Record<string, InviteRecord> = {
    pending: g.invite(due),
    'past expiresAt': g.invite({ ...due, ...past }),
    expired: g.invite({ ...due, ...past, status: 'expired' }),
    'accepted by the same': g.invite({ ...due, ...accepted, acceptedBy: 'ada' }),
    'accepted by another': g.invite({ ...due, ...accepted, acceptedBy: 'bob' }),
    declined: g.invite({ ...due, status: 'declined', declinedAt: g.yesterday, declineReason: null }),
    revoked: g.invite({ ...due, ...revoked }),
  }
  // biome-ignore format: a table is read by its columns
  const outcomes: Record<string, string[]> = {
    //        pending                       past expiresAt                expired                       accepted by the same       accepted by another        declined            revoked
    accept:  ['accepted → accepted',        'invite_expired',             'invite_expired',             'same',                    'invite_already_accepted', 'invite_declined',  'invite_revoked'],
    decline: ['declined → declined',        'invite_expired',             'invite_expired',             'invite_already_accepted', 'invite_already_accepted', 'same',             'invite_revoked'],
    resend:  ['resent → pending',           'expired + resent → pending', 'resent → pending',           'invite_already_accepted', 'invite_already_accepted', 'invite_declined',  'invite_revoked'],
    revoke:  ['revoked → revoked',          'revoked → revoked',          'revoked → revoked',          'invite_already_accepted', 'invite_already_accepted', 'invite_declined',  'same'],
    update:  ['updated → pending',          'invite_expired',             'invite_expired',             'invite_already_accepted', 'invite_already_accepted', 'invite_declined',  'invite_revoked'],
    open:    ['opened → pending',           'same',                       'same',                       'same',                    'same',                    'same',             'same'],
    renew:   ['same',                       'renewal_requested → pending', 'renewal_requested → expired', 'invite_already_accepted', 'invite_already_accepted', 'invite_declined', 'renewal_requested → revoked'],
    erase:   ['revoked + erased → revoked', 'revoked + erased → revoked', 'revoked + erased → revoked', 'erased → accepted',       'erased → accepted',       'erased → declined', 'erased → revoked'],
    expire:  ['same',                       'expired → expired',          'same',                       'same',                    'same',                    'same',             'same'],
    remind:  ['reminder.due → pending',     'same',                       'same',                       'same',                    'same',                    'same',             'same'],
  }
  check(outcomes, Object.entries(states), invite => g.given({ invites: [invite] }))
})

describe('an open invite', () => {
  const states: Record<string, InviteRecord> = {
    pending: g.openInvite({ ...due, maxUses: 3 }),
    'pending, used by the same': g.openInvite({ maxUses: 3, useCount: 1 }),
    'past expiresAt': g.openInvite(past),
    expired: g.openInvite({ ...past, status: 'expired' }),
    'used up, by the same too': g.openInvite({ ...accepted, acceptedBy: null, maxUses: 2, useCount: 2 }),
    'used up by others': g.openInvite({ ...accepted, acceptedBy: null, maxUses: 2, useCount: 2 }),
    revoked: g.openInvite(revoked),
  }
  // biome-ignore format: a table is read by its columns
  const outcomes: Record<string, string[]> = {
    //        pending                       pending, used by the same     past expiresAt                expired                       used up, by the same too   used up by others          revoked
    accept:  ['accepted → pending',         'same',                       'invite_expired',             'invite_expired',             'same',                    'uses_exhausted',          'invite_revoked'],
    decline: ['not_declinable',             'not_declinable',             'invite_expired',             'invite_expired',             'invite_already_accepted', 'invite_already_accepted', 'invite_revoked'],
    resend:  ['resent → pending',           'resent → pending',           'expired + resent → pending', 'resent → pending',           'invite_already_accepted', 'invite_already_accepted', 'invite_revoked'],
    revoke:  ['revoked → revoked',          'revoked → revoked',          'revoked → revoked',          'revoked → revoked',          'invite_already_accepted', 'invite_already_accepted', 'same'],
    update:  ['updated → pending',          'updated → pending',          'invite_expired',             'invite_expired',             'invite_already_accepted', 'invite_already_accepted', 'invite_revoked'],
    open:    ['opened → pending',           'opened → pending',           'same',                       'same',                       'same',                    'same',                    'same'],
    renew:   ['same',                       'same',                       'renewal_requested → pending', 'renewal_requested → expired', 'invite_already_accepted', 'invite_already_accepted', 'renewal_requested → revoked'],
    erase:   ['revoked + erased → revoked', 'revoked + erased → revoked', 'revoked + erased → revoked', 'revoked + erased → revoked', 'erased → accepted',       'erased → accepted',       'erased → revoked'],
    expire:  ['same',                       'same',                       'expired → expired',          'same',                       'same',                    'same',                    'same'],
    remind:  ['same',                       'same',                       'same',                       'same',                       'same',                    'same',                    'same'],
  }
  check(outcomes, Object.entries(states), (invite, state) =>
    g.given({ invites: [invite], uses: state.includes('the same') ? [[invite, 'ada']] : [] }),
  )
})

test.each<[string, InviteRecord, string | null]>([
  ['pending', g.invite(), null],
  ['past expiresAt', g.invite(past), 'invite_expired'],
  ['expired', g.invite({ ...past, status: 'expired' }), 'invite_expired'],
  ['accepted', g.invite({ ...accepted, acceptedBy: 'ada' }), 'invite_already_accepted'],
  ['declined', g.invite({ status: 'declined', declinedAt: g.yesterday, declineReason: null }), 'invite_declined'],
  ['revoked', g.invite(revoked), 'invite_revoked'],
  ['used up', g.openInvite({ ...accepted, acceptedBy: null, maxUses: 2, useCount: 2 }), 'invite_already_accepted'],
])('link when %s: %s', (_, invite, code) => {
  const verdict = checkTransition(invite, 'link', { now: g.now })
  expect(verdict && !verdict.ok ? verdict.rejection.code : verdict).toBe(code)
})

function check(
  outcomes: Record<string, string[]>,
  states: [string, InviteRecord][],
  organization: (invite: InviteRecord, state: string) => OrganizationState,
): void {
  const cells = Object.entries(commands).flatMap(([name, command]) =>
    states.map(([state, invite], column) => ({ name, command, state, invite, outcome: outcomes[name]?.[column] })),
  )
  test.each(cells)('$name when $state: $outcome', ({ command, state, invite, outcome }) => {
    expect(outcomeOf(organization(invite, state), command)).toBe(outcome)
  })
}

test('an invite is expired from the very millisecond of expiresAt, and not one before', () => {
  expect(g.when(g.given({ invites: [g.invite({ expiresAt: g.now })] }), ask.accept()).code).toBe('invite_expired')
  expect(g.when(g.given({ invites: [g.invite({ expiresAt: g.from(1) })] }), ask.accept()).code).toBeNull()
})

test('an invite without expiresAt never expires', () => {
  const organization = g.given({ invites: [g.invite({ expiresAt: null, lifetime: null })], at: g.from(10_000 * g.day) })
  expect(g.when(organization, ask.accept()).code).toBeNull()
})

test('a rejection of an expired invite tells since when', () => {
  const { rejection } = g.when(g.given({ invites: [g.invite({ expiresAt: g.yesterday })] }), ask.accept())
  expect(rejection).toEqual({ code: 'invite_expired', expiresAt: g.yesterday })
})

test('a row that is stored as expired without a time tells its last change', () => {
  const imported = g.invite({ status: 'expired', expiresAt: null, updatedAt: g.from(-5) })
  expect(g.when(g.given({ invites: [imported] }), ask.accept()).rejection).toEqual({
    code: 'invite_expired',
    expiresAt: g.from(-5),
  })
})

test('every command on an invite that does not exist hears invite_not_found, but the sweeper’s, which have nothing to do', () => {
  const { expire, remind, ...others } = commands
  for (const command of Object.values(others)) expect(g.when(g.given(), command).code).toBe('invite_not_found')
  for (const command of [expire, remind]) {
    const swept = g.when(g.given(), command as Command)
    expect([swept.events, swept.answer]).toEqual([[], { inviteId: g.idOf(1) }])
  }
})
