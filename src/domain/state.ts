// The part of one organization that a decision needs: counts, invites, uses, members, all true at one revision.
import type { EmailKey, PhoneKey } from './address.ts'
import { type InviteId, type InviteRecord, isPast, type Json, type RecipientRecord, type Use } from './invite.ts'

export interface MemberFact {
  readonly userId: string
  readonly role: string
  readonly emailKey: EmailKey | null
  readonly phoneKey: PhoneKey | null
  /** True for somebody who was a member once. */
  readonly removed: boolean
}

/** What happened in the last 24 hours: how often, and the first time. */
export interface DailyCount {
  readonly count: number
  readonly oldest: Date
}

/** The answer kept under an idempotency key. */
export interface IdempotencyRecord {
  readonly key: string
  /** A digest of the input that was answered. */
  readonly input: string
  readonly answer: Json
  readonly at: Date
}

export interface OrganizationState {
  readonly organizationId: string
  readonly revision: number
  readonly now: Date
  /** Live pending invites, counted as far as the limit needs. */
  readonly pending: number
  /** Members, counted as far as the limit needs. */
  readonly seats: number
  readonly invites: ReadonlyMap<InviteId, InviteRecord>
  /** By `useKey`. */
  readonly uses: ReadonlyMap<string, Use>
  /** By user. */
  readonly members: ReadonlyMap<string, MemberFact>
  readonly idempotency: ReadonlyMap<string, IdempotencyRecord>
  /** Of those that were asked for. */
  readonly templates: ReadonlySet<string>
  /** Invites and resends of the last day, by inviter. */
  readonly createdToday: ReadonlyMap<string, DailyCount>
  /** Messages of the last day, by the mark of an address. */
  readonly sentToday: ReadonlyMap<string, DailyCount>
}

export const useKey = (inviteId: InviteId, userId: string): string => `${inviteId} ${userId}`

/** An invite with a recipient. */
export type Personal = Extract<InviteRecord, { kind: 'personal' }>

type Addressed = Pick<RecipientRecord, 'emailKey' | 'phoneKey'>

const shares = (a: Addressed, b: Addressed) =>
  (a.emailKey !== null && a.emailKey === b.emailKey) || (a.phoneKey !== null && a.phoneKey === b.phoneKey)

/** Stored as pending and holding one of these addresses, past its time or not; the e-mail's holder first. */
export function holdersOf(state: OrganizationState, recipient: Addressed, except?: InviteId): Personal[] {
  const byEmail = ({ recipient: { emailKey } }: Personal) => emailKey !== null && emailKey === recipient.emailKey
  return [...state.invites.values()]
    .filter(
      (invite): invite is Personal =>
        invite.kind === 'personal' &&
        invite.status === 'pending' &&
        invite.id !== except &&
        shares(invite.recipient, recipient),
    )
    .sort((a, b) => Number(byEmail(b)) - Number(byEmail(a)))
}

export const isLive = (invite: InviteRecord, now: Date): boolean => invite.status === 'pending' && !isPast(invite, now)

export const memberAt = (state: OrganizationState, recipient: Addressed): MemberFact | undefined =>
  everybodyAt(state, recipient).find(member => !member.removed)

/** Those who left, too. */
export const everybodyAt = (state: OrganizationState, recipient: Addressed): readonly MemberFact[] =>
  [...state.members.values()].filter(member => shares(member, recipient))

export function memberOf(state: OrganizationState, userId: string): MemberFact | undefined {
  const member = state.members.get(userId)
  return member?.removed ? undefined : member
}
