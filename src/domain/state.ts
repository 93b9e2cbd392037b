// The state of one organization that a decision needs: counts, invites, uses and members, all read at one revision.
import type { EmailKey, PhoneKey } from './address.ts'
import { type InviteId, type InviteRecord, isPast, type Json, type RecipientRecord, type Use } from './invite.ts'

export interface MemberFact {
  readonly userId: string
  readonly role: string
  readonly emailKey: EmailKey | null
  readonly phoneKey: PhoneKey | null
  /** True for a former member: the row stays, because their invites can no longer be accepted. */
  readonly removed: boolean
}

/** How often something happened in the last 24 hours, and when for the first time. */
export interface DailyCount {
  readonly count: number
  readonly oldest: Date
}

/** The answer stored for an idempotency key. */
export interface IdempotencyRecord {
  readonly key: string
  /** A digest of the input: the same key with another input is refused. */
  readonly input: string
  readonly answer: Json
  readonly at: Date
}

export interface OrganizationState {
  readonly organizationId: string
  readonly revision: number
  readonly now: Date
  /** Invites that are pending and not expired, counted no further than the limit needs. */
  readonly pending: number
  /** Members, counted no further than the limit needs. */
  readonly seats: number
  readonly invites: ReadonlyMap<InviteId, InviteRecord>
  /** By `useKey`. */
  readonly uses: ReadonlyMap<string, Use>
  /** By user. */
  readonly members: ReadonlyMap<string, MemberFact>
  readonly idempotency: ReadonlyMap<string, IdempotencyRecord>
  /** Those of the queried templates that exist. */
  readonly templates: ReadonlySet<string>
  /** Invites and resends of the last 24 hours, by inviter. */
  readonly createdToday: ReadonlyMap<string, DailyCount>
  /** Messages of the last 24 hours, by address hash. */
  readonly sentToday: ReadonlyMap<string, DailyCount>
}

export const useKey = (inviteId: InviteId, userId: string): string => `${inviteId} ${userId}`

/** An invite with a recipient. */
export type Personal = Extract<InviteRecord, { kind: 'personal' }>

type Addressed = Pick<RecipientRecord, 'emailKey' | 'phoneKey'>

const shares = (a: Addressed, b: Addressed) =>
  (a.emailKey !== null && a.emailKey === b.emailKey) || (a.phoneKey !== null && a.phoneKey === b.phoneKey)

/** Invites stored as pending (expired or not) with one of these addresses; the one with the same e-mail first. */
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

/** Pending and not expired. */
export const isLive = (invite: InviteRecord, now: Date): boolean => invite.status === 'pending' && !isPast(invite, now)

export const memberAt = (state: OrganizationState, recipient: Addressed): MemberFact | undefined =>
  membersAt(state, recipient).find(member => !member.removed)

/** Members at one of these addresses, former ones included. */
export const membersAt = (state: OrganizationState, recipient: Addressed): readonly MemberFact[] =>
  [...state.members.values()].filter(member => shares(member, recipient))

export function memberOf(state: OrganizationState, userId: string): MemberFact | undefined {
  const member = state.members.get(userId)
  return member?.removed ? undefined : member
}
