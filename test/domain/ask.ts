// The commands as the tests give them: Adam manages, Ada answers, unless they say otherwise.
import type { Command, Create, CreateTerms } from '../../src/domain/command.ts'
import { ada, admin, byToken, day, idOf, to } from './given.ts'

/** Adam invites Ada as a member, by e-mail, for seven days, unless it says otherwise. */
export const create = (changes: Partial<Omit<Create, 'terms'> & CreateTerms> = {}): Create => {
  const { role, lifetime, externalId, templateId, template, metadata, extra, linkPattern, ...others } = changes
  return {
    type: 'create',
    actor: admin,
    id: idOf(100),
    inviteeId: 'f0000000-0000-4000-8000-000000000100',
    recipient: to({ email: 'ada@example.com' }),
    maxUses: null,
    terms: {
      role: role ?? 'member',
      lifetime: lifetime === undefined ? 7 * day : lifetime,
      externalId: externalId ?? null,
      templateId: templateId ?? null,
      template: template ?? null,
      metadata: metadata ?? null,
      extra: extra ?? {},
      linkPattern: linkPattern ?? null,
    },
    ifPending: 'error',
    channels: ['email'],
    withCode: false,
    ...others,
  }
}

type Of<T extends Command['type']> = Partial<Extract<Command, { type: T }>>

/** By the token of generation 1, unless it says otherwise. */
export const accept = (over: Of<'accept'> = {}): Command => ({
  type: 'accept',
  id: idOf(1),
  actor: ada,
  proof: byToken,
  role: null,
  ...over,
})
export const decline = (over: Of<'decline'> = {}): Command => ({
  type: 'decline',
  id: idOf(1),
  actor: ada,
  proof: byToken,
  reason: null,
  ...over,
})
export const open = (over: Of<'open'> = {}): Command => ({ type: 'open', id: idOf(1), actor: ada, proof: byToken, ...over })
export const renew = (over: Of<'renew'> = {}): Command => ({ type: 'renew', id: idOf(1), actor: ada, proof: byToken, ...over })
export const resend = (over: Of<'resend'> = {}): Command => ({
  type: 'resend',
  id: idOf(1),
  actor: admin,
  rotate: false,
  channels: null,
  lifetime: undefined,
  ...over,
})
export const revoke = (over: Of<'revoke'> = {}): Command => ({
  type: 'revoke',
  id: idOf(1),
  actor: admin,
  reason: null,
  ...over,
})
export const update = (over: Of<'update'> = {}): Command => ({
  type: 'update',
  id: idOf(1),
  actor: admin,
  changes: { role: 'viewer' },
  ...over,
})
export const erase = (over: Of<'erase'> = {}): Command => ({ type: 'erase', id: idOf(1), actor: admin, ...over })
export const forget = (over: Required<Pick<Of<'member.forget'>, 'address'>>): Command => ({
  type: 'member.forget',
  actor: 'system',
  ...over,
})
/** By both channels, unless it says otherwise. */
export const remind = (over: Of<'remind'> = {}): Command => ({
  type: 'remind',
  id: idOf(1),
  actor: 'system',
  channels: ['email', 'sms'],
  ...over,
})
export const expire = (over: Of<'expire'> = {}): Command => ({ type: 'expire', id: idOf(1), actor: 'system', ...over })
