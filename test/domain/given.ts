// What the tests of the domain start from: people, rules, invites and one organization; and the one way to decide.
import { expect } from 'vitest'
import type { Person } from '../../src/domain/actor.ts'
import { type EmailKey, type PhoneKey, parseEmail, parsePhone } from '../../src/domain/address.ts'
import type { Command } from '../../src/domain/command.ts'
import type { Rules } from '../../src/domain/decide/decision.ts'
import { decide } from '../../src/domain/decide/index.ts'
import { evolveAll } from '../../src/domain/evolve.ts'
import {
  type InviteFields,
  type InviteId,
  type InviteRecord,
  type Kind,
  nobody,
  type StatusFields,
  toInviteId,
} from '../../src/domain/invite.ts'
import type { CheckedLimits } from '../../src/domain/limits.ts'
import { defaultRoles } from '../../src/domain/roles.ts'
import { isLive, type MemberFact, type OrganizationState, useKey } from '../../src/domain/state.ts'

export const second = 1000
export const hour = 3_600_000
export const day = 86_400_000
export const now = new Date('2025-06-01T12:00:00.000Z')
export const from = (ms: number): Date => new Date(now.getTime() + ms)
export const yesterday = from(-day)

const must = <T>(value: T | null | undefined): T => value ?? expect.fail('the test itself is wrong')

export function idOf(number: number): InviteId {
  return must(toInviteId(`01900000-0000-7000-8000-${String(number).padStart(12, '0')}`))
}
export function mail(text: string): EmailKey {
  const parsed = parseEmail(text)
  return parsed.ok ? parsed.value.key : expect.fail(`${text} ${parsed.detail}`)
}
export function tel(text: string): PhoneKey {
  const parsed = parsePhone(text, typed => typed, undefined)
  return parsed.ok ? parsed.value.key : expect.fail(`${text} ${parsed.detail}`)
}

/** `{ email: 'ada@example.com' }` and names, as a recipient. */
export const to = (typed: {
  email?: string
  phone?: string
  fullName?: string
  firstName?: string
  lastName?: string
  locale?: string
}) => ({
  ...nobody,
  ...typed,
  emailKey: typed.email === undefined ? null : mail(typed.email),
  phoneKey: typed.phone === undefined ? null : tel(typed.phone),
})

interface Who {
  role?: string
  email?: string
  phone?: string
  verified?: boolean
}

/** Verified, unless it says otherwise. */
export const person = (userId: string | null, { role, email, phone, verified = true }: Who = {}): Person => ({
  userId,
  role: role ?? null,
  name: userId,
  email: email === undefined ? null : { text: email, key: mail(email), verified },
  phone: phone === undefined ? null : { key: tel(phone), verified },
})

export const owner = person('olga', { role: 'owner' })
export const admin = person('adam', { role: 'admin' })
export const viewer = person('vera', { role: 'viewer' })
export const apiKey = person(null, { role: 'admin' })
export const ada = person('ada', { email: 'ada@example.com' })
export const bob = person('bob', { email: 'bob@example.com' })

export const noLimits: CheckedLimits = {
  pending: null,
  seats: null,
  bulk: 50,
  resendCooldown: null,
  perRecipientPerDay: null,
  perInviterPerDay: null,
  pendingHoldsSeat: false,
}

export const rules = (changes: Omit<Partial<Rules>, 'limits'> & { limits?: Partial<CheckedLimits> } = {}): Rules => ({
  roles: defaultRoles,
  acceptance: 'match',
  addressKinds: new Map([
    ['email', 'email'],
    ['sms', 'phone'],
  ]),
  keyId: 'key-now',
  knowsKey: keyId => keyId.startsWith('key-'),
  codeHashOf: (id, generation) => `hash of ${id}/${generation}`,
  addressHashOf: key => `mark of ${key}`,
  reminders: { after: [], before: [] },
  noticeChannel: null,
  ...changes,
  limits: { ...noLimits, ...changes.limits },
})

const terms: InviteFields = {
  id: idOf(1),
  organizationId: 'acme',
  role: 'member',
  inviterId: 'adam',
  inviterRole: 'admin',
  inviterName: 'Adam',
  inviteeId: 'f0000000-0000-4000-8000-000000000001',
  externalId: null,
  templateId: null,
  template: null,
  metadata: {},
  extra: {},
  channels: ['email'],
  linkPattern: null,
  keyId: 'key-now',
  generation: 1,
  codeHash: null,
  useCount: 0,
  createdAt: yesterday,
  updatedAt: yesterday,
  expiresAt: from(6 * day),
  lifetime: 7 * day,
  sentAt: yesterday,
  sendCount: 1,
  openedAt: null,
  remindAt: null,
  erasedAt: null,
}

/** A pending invite to Ada, made by Adam yesterday for seven days, unless it says otherwise. */
export const invite = (changes: Partial<InviteFields> & Partial<Kind> & Partial<StatusFields> = {}): InviteRecord =>
  ({ ...terms, kind: 'personal', recipient: to({ email: 'ada@example.com' }), status: 'pending', ...changes }) as InviteRecord

/** The same without a recipient: whoever holds the link. */
export const openInvite = (
  changes: Partial<InviteFields> & { maxUses?: number | null } & Partial<StatusFields> = {},
): InviteRecord =>
  ({
    ...terms,
    channels: [],
    sentAt: null,
    sendCount: 0,
    kind: 'open',
    maxUses: null,
    status: 'pending',
    ...changes,
  }) as InviteRecord

export const memberFact = (userId: string, changes: Partial<MemberFact> = {}): MemberFact => ({
  userId,
  role: 'member',
  emailKey: null,
  phoneKey: null,
  removed: false,
  ...changes,
})

interface Given {
  invites?: readonly InviteRecord[]
  members?: readonly MemberFact[]
  uses?: readonly (readonly [InviteRecord, string])[]
  templates?: readonly string[]
  made?: OrganizationState['createdToday']
  sends?: OrganizationState['sentToday']
  at?: Date
}

/** An organization with nothing else in it; pending and seats are counted. */
export const given = ({
  invites = [],
  members = [],
  uses = [],
  templates = [],
  made,
  sends,
  at = now,
}: Given = {}): OrganizationState => ({
  organizationId: 'acme',
  revision: 7,
  now: at,
  pending: invites.filter(one => isLive(one, at)).length,
  seats: members.filter(member => !member.removed).length,
  invites: new Map(invites.map(one => [one.id, one])),
  uses: new Map(uses.map(([{ id }, userId]) => [useKey(id, userId), { inviteId: id, userId, at: yesterday }])),
  members: new Map(members.map(member => [member.userId, member])),
  idempotency: new Map(),
  templates: new Set(templates),
  createdToday: made ?? new Map(),
  sentToday: sends ?? new Map(),
})

/** Of generation 1. */
export const byToken = { by: 'token', generation: 1 } as const
export const byId = { by: 'id' } as const
/** What was typed, hashed under each of the host's keys. */
export const byCode = (...hashes: string[]) => ({ by: 'code', hashes }) as const

/** Decides, and shows what came of it. `invite` is the one that the answer names, afterwards. */
export function when(state: OrganizationState, command: Command, inForce: Rules = rules()) {
  const decision = decide(state, command, inForce)
  if (!decision.ok) {
    return {
      rejection: decision.rejection,
      code: decision.rejection.code,
      facts: [],
      events: [],
      answer: null,
      invite: undefined,
      after: state,
    }
  }
  const { events, answer } = decision
  const after = evolveAll(state, events)
  const one = answer.inviteId === null ? undefined : after.invites.get(answer.inviteId)
  return { rejection: null, code: null, facts: events, events: events.map(event => event.type), answer, invite: one, after }
}
