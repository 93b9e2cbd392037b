// evolve(state, event): the state after an event. The only code that changes an invite.
import type { DomainEvent, InviteEvent, MessageEvent, Send } from './event.ts'
import type { InviteFields, InviteId, InviteRecord, Kind, StatusFields } from './invite.ts'
import { withoutPersonalData } from './personal-data.ts'
import type { DailyCount } from './state.ts'
import { isLive, type MemberFact, type OrganizationState, useKey } from './state.ts'

export function evolve(state: OrganizationState, event: DomainEvent): OrganizationState {
  switch (event.type) {
    case 'member.added':
      return withMember(state, event.member, +1)
    case 'member.changed':
      return withMember(state, event.member, 0)
    case 'member.removed':
      return withMember(state, event.member, -1)
    case 'invite.created':
      return withCreatedToday(withSends(withInvite(state, event.invite, event.at), event), event)
    case 'invite.resent':
      return withCreatedToday(withSends(onInvite(state, event), event), event)
    case 'reminder.due':
      return withSends(onInvite(state, event), event)
    case 'notice.due':
      return state
    case 'invite.accepted':
      return withUse(withMember(onInvite(state, event), event.member, +1), event)
    default:
      return onInvite(state, event)
  }
}

export const evolveAll = (state: OrganizationState, events: readonly DomainEvent[]): OrganizationState =>
  events.reduce(evolve, state)

type OnInvite = Exclude<InviteEvent, { type: 'invite.created' }> | Extract<MessageEvent, { type: 'reminder.due' }>

function onInvite(state: OrganizationState, event: OnInvite): OrganizationState {
  const invite = state.invites.get(event.inviteId)
  return invite === undefined ? state : withInvite(state, next(invite, event), event.at)
}

/** The invite after the event. */
export function next(invite: InviteRecord, event: OnInvite): InviteRecord {
  const { at } = event
  switch (event.type) {
    case 'invite.resent':
      return become(invite, { status: 'pending' }, at, {
        ...event.inviter,
        expiresAt: event.expiresAt,
        lifetime: event.lifetime,
        generation: event.generation,
        keyId: event.keyId,
        codeHash: event.codeHash,
        remindAt: event.remindAt,
        ...(event.sends.length === 0
          ? {}
          : { sentAt: at, sendCount: invite.sendCount + 1, channels: event.sends.map(send => send.channel) }),
      })
    case 'invite.updated': {
      const { names, ...terms } = event.changes
      const changed = { ...invite, ...event.inviter, ...terms, remindAt: event.remindAt, updatedAt: at }
      return changed.kind === 'personal' && names ? { ...changed, recipient: { ...changed.recipient, ...names } } : changed
    }
    case 'invite.opened':
      return { ...invite, openedAt: at, updatedAt: at }
    case 'invite.accepted':
      return accepted(invite, event.userId, at)
    case 'invite.declined':
      return become(invite, { status: 'declined', declinedAt: at, declineReason: event.reason }, at)
    case 'invite.revoked':
      return become(invite, { status: 'revoked', revokedAt: at, revokedBy: event.actorId, revokeReason: event.reason }, at)
    case 'invite.expired':
      return become(invite, { status: 'expired' }, at)
    case 'invite.erased':
      return { ...withoutPersonalData(invite), updatedAt: at, erasedAt: at }
    case 'invite.renewal_requested':
      return invite
    case 'reminder.due':
      return { ...invite, remindAt: event.remindAt }
  }
}

function accepted(invite: InviteRecord, userId: string, at: Date): InviteRecord {
  const useCount = invite.useCount + 1
  if (invite.kind === 'personal') {
    return become(invite, { status: 'accepted', acceptedAt: at, acceptedBy: userId }, at, { useCount })
  }
  return useCount === invite.maxUses
    ? become(invite, { status: 'accepted', acceptedAt: at, acceptedBy: null }, at, { useCount })
    : { ...invite, useCount, updatedAt: at }
}

/** The invite in another status, without the fields that only the old status has. */
function become(invite: InviteRecord, status: StatusFields, at: Date, fields: Partial<InviteFields> = {}): InviteRecord {
  const {
    status: _,
    acceptedAt,
    acceptedBy,
    declinedAt,
    declineReason,
    revokedAt,
    revokedBy,
    revokeReason,
    ...rest
  } = invite as InviteFields & Kind & Partial<Record<StatusKey, unknown>>
  return Object.assign(rest, { remindAt: null }, fields, { updatedAt: at }, status) as InviteRecord
}

type StatusKey = StatusFields extends infer S ? (S extends unknown ? keyof S : never) : never

function withInvite(state: OrganizationState, invite: InviteRecord, now: Date): OrganizationState {
  const before = state.invites.get(invite.id)
  const freed = before !== undefined && isLive(before, now) ? 1 : 0
  const taken = isLive(invite, now) ? 1 : 0
  const invites = new Map<InviteId, InviteRecord>(state.invites).set(invite.id, invite)
  return { ...state, invites, pending: state.pending - freed + taken }
}

function withMember(state: OrganizationState, member: MemberFact, seats: -1 | 0 | 1): OrganizationState {
  return { ...state, members: new Map(state.members).set(member.userId, member), seats: state.seats + seats }
}

function withUse(
  state: OrganizationState,
  { inviteId, userId, at }: { inviteId: InviteId; userId: string; at: Date },
): OrganizationState {
  if (state.invites.get(inviteId)?.kind !== 'open') return state
  return { ...state, uses: new Map(state.uses).set(useKey(inviteId, userId), { inviteId, userId, at }) }
}

/** Counts one more invite or resend of the inviter. */
const withCreatedToday = (
  state: OrganizationState,
  { actorId, at }: { actorId: string | null; at: Date },
): OrganizationState => (actorId === null ? state : { ...state, createdToday: counted(state.createdToday, [actorId], at) })

/** Counts one more message to each address. */
function withSends(state: OrganizationState, { sends, at }: { sends: readonly Send[]; at: Date }): OrganizationState {
  const hashes = sends.map(send => send.addressHash)
  return { ...state, sentToday: counted(state.sentToday, hashes, at) }
}

function counted(counts: ReadonlyMap<string, DailyCount>, keys: readonly string[], at: Date): ReadonlyMap<string, DailyCount> {
  if (keys.length === 0) return counts
  const result = new Map(counts)
  for (const key of keys) {
    const before = result.get(key)
    result.set(key, { count: (before?.count ?? 0) + 1, oldest: before?.oldest ?? at })
  }
  return result
}
