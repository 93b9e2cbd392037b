// What an event makes of the slice. The one place where an invite changes.
import type { DomainEvent, InviteEvent, MessageEvent, Send } from './event.ts'
import { type InviteId, type InviteRecord, type Kind, nobody, type Standing, type Terms } from './invite.ts'
import type { Tally } from './state.ts'
import { isLive, type MemberFact, type Slice, useKey } from './state.ts'

export function evolve(slice: Slice, event: DomainEvent): Slice {
  switch (event.type) {
    case 'member.added':
      return withMember(slice, event.member, +1)
    case 'member.changed':
      return withMember(slice, event.member, 0)
    case 'member.removed':
      return withMember(slice, event.member, -1)
    case 'invite.created':
      return made(withSends(withInvite(slice, event.invite, event.at), event), event)
    case 'invite.resent':
      return made(withSends(onInvite(slice, event), event), event)
    case 'reminder.due':
      return withSends(onInvite(slice, event), event)
    case 'notice.due':
      return slice
    case 'invite.accepted':
      return withUse(withMember(onInvite(slice, event), event.member, +1), event)
    default:
      return onInvite(slice, event)
  }
}

export const evolveAll = (slice: Slice, events: readonly DomainEvent[]): Slice => events.reduce(evolve, slice)

type OnInvite = Exclude<InviteEvent, { type: 'invite.created' }> | Extract<MessageEvent, { type: 'reminder.due' }>

function onInvite(slice: Slice, event: OnInvite): Slice {
  const invite = slice.invites.get(event.inviteId)
  return invite === undefined ? slice : withInvite(slice, next(invite, event), event.at)
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
      return erased(invite, at)
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

/** Personal data gone; ids, times and counts stay. */
function erased(invite: InviteRecord, at: Date): InviteRecord {
  const bare = {
    ...invite,
    inviterName: null,
    externalId: null,
    template: null,
    metadata: {},
    extra: {},
    updatedAt: at,
    erasedAt: at,
  }
  const nameless: InviteRecord = bare.kind === 'personal' ? { ...bare, recipient: nobody } : bare
  if (nameless.status === 'declined') return { ...nameless, declineReason: null }
  if (nameless.status === 'revoked') return { ...nameless, revokeReason: null }
  return nameless
}

/** The same invite in another state: what the old state alone had is gone. */
function become(invite: InviteRecord, standing: Standing, at: Date, terms: Partial<Terms> = {}): InviteRecord {
  const { status, acceptedAt, acceptedBy, declinedAt, declineReason, revokedAt, revokedBy, revokeReason, ...rest } =
    invite as Terms & Kind & Partial<Record<StandingKey, unknown>>
  return Object.assign(rest, { remindAt: null }, terms, { updatedAt: at }, standing) as InviteRecord
}

type StandingKey = Standing extends infer S ? (S extends unknown ? keyof S : never) : never

function withInvite(slice: Slice, invite: InviteRecord, now: Date): Slice {
  const before = slice.invites.get(invite.id)
  const freed = before !== undefined && isLive(before, now) ? 1 : 0
  const taken = isLive(invite, now) ? 1 : 0
  const invites = new Map<InviteId, InviteRecord>(slice.invites).set(invite.id, invite)
  return { ...slice, invites, pending: slice.pending - freed + taken }
}

function withMember(slice: Slice, member: MemberFact, seats: -1 | 0 | 1): Slice {
  return { ...slice, members: new Map(slice.members).set(member.userId, member), seats: slice.seats + seats }
}

function withUse(slice: Slice, { inviteId, userId, at }: { inviteId: InviteId; userId: string; at: Date }): Slice {
  if (slice.invites.get(inviteId)?.kind !== 'open') return slice
  return { ...slice, uses: new Map(slice.uses).set(useKey(inviteId, userId), { inviteId, userId, at }) }
}

const made = (slice: Slice, { actorId, at }: { actorId: string | null; at: Date }): Slice =>
  actorId === null ? slice : { ...slice, made: counted(slice.made, [actorId], at) }

function withSends(slice: Slice, { sends, at }: { sends: readonly Send[]; at: Date }): Slice {
  const marks = sends.map(send => send.mark)
  return { ...slice, sends: counted(slice.sends, marks, at) }
}

function counted(tallies: ReadonlyMap<string, Tally>, keys: readonly string[], at: Date): ReadonlyMap<string, Tally> {
  if (keys.length === 0) return tallies
  const result = new Map(tallies)
  for (const key of keys) {
    const before = result.get(key)
    result.set(key, { count: (before?.count ?? 0) + 1, oldest: before?.oldest ?? at })
  }
  return result
}
