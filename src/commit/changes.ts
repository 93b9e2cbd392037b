// Pure: which rows a commit writes beside the invites: history, and messages for the outbox.
import { type DomainEvent, type InviteEvent, type InviteEventType, isInviteEvent, type MessageEvent } from '../domain/event.ts'
import { type InviteId, type InviteRecord, statusAt } from '../domain/invite.ts'
import { type IdempotencyRecord, type OrganizationState, useKey } from '../domain/state.ts'
import type { Changes } from '../ports/storage/changes.ts'
import type { Lease } from '../ports/storage/outbox.ts'
import type { EventRow, MemberRow, MessageRow } from '../ports/storage/rows.ts'
import { toInvite, toJson } from '../views/invite.ts'
import { idempotencyTtlMs, type Step } from './decide-batch.ts'

export interface Recorder {
  readonly newId: () => string
  /** The targets of every event: `on`, and each sink. */
  readonly targets: readonly string[]
  readonly lease: Lease | null
  /** False when members are the host's. */
  readonly ownMembers: boolean
}

/** Everything that these steps make one commit write. `kept` are the answers to remember. */
export function toChanges(
  before: OrganizationState,
  steps: readonly Step[],
  kept: readonly IdempotencyRecord[],
  recorder: Recorder,
): Changes {
  const events = steps.map(({ event }) => event)
  const erased = events.flatMap(event => (event.type === 'invite.erased' ? [event.inviteId] : []))
  const rows: EventRow[] = []
  const messages: MessageRow[] = []
  for (const { event, before: previous, after: state } of steps) {
    if (!('inviteId' in event)) continue
    messages.push(...deliveriesOf(state, event, recorder))
    if (!isInviteEvent(event)) continue
    const row = toEventRow(previous, state, event, recorder.newId())
    rows.push(row)
    messages.push(...announce(row, recorder))
  }
  const after = steps.at(-1)?.after ?? before
  const touched = [...new Set(events.flatMap(event => ('inviteId' in event ? event.inviteId : [])))]
  const invites = touched.flatMap(id => after.invites.get(id) ?? [])
  const snapshot = invites.filter(({ id }) => before.invites.has(id))
  const leaves = (invite: InviteRecord) => before.invites.get(invite.id)?.status === 'pending' && invite.status !== 'pending'
  return {
    organizationId: before.organizationId,
    revision: before.revision,
    ended: snapshot.filter(leaves),
    changed: snapshot.filter(invite => !leaves(invite)),
    made: invites.filter(({ id }) => !before.invites.has(id)),
    uses: events.flatMap(event => (event.type === 'invite.accepted' ? useOf(after, event) : [])),
    members: recorder.ownMembers ? membersOf(events) : [],
    idempotency: kept,
    expireBefore: kept.length > 0 ? new Date(before.now.getTime() - idempotencyTtlMs) : null,
    events: rows.map(row => (erased.includes(row.inviteId) ? { ...row, data: dataOf(after, row.inviteId, row.at) } : row)),
    messages: messages.filter(({ kind, inviteId }) => kind === 'event' || !erased.includes(inviteId)),
    erased,
    lease: recorder.lease,
  }
}

function toEventRow(before: OrganizationState, after: OrganizationState, event: InviteEvent, id: string): EventRow {
  const previous = before.invites.get(event.inviteId)
  return {
    id,
    organizationId: before.organizationId,
    inviteId: event.inviteId,
    type: event.type,
    at: event.at,
    actorId: event.actorId,
    previousStatus: previous === undefined ? null : event.type === 'invite.expired' ? 'pending' : statusAt(previous, event.at),
    data: dataOf(after, event.inviteId, event.at),
  }
}

function dataOf(state: OrganizationState, id: InviteId, at: Date) {
  const invite = state.invites.get(id)
  return invite === undefined ? {} : toJson(toInvite(invite, at))
}

const useOf = (state: OrganizationState, event: { inviteId: InviteId; userId: string }) =>
  state.uses.get(useKey(event.inviteId, event.userId)) ?? []

/** The last word on each member. */
function membersOf(events: readonly DomainEvent[]): MemberRow[] {
  const rows = new Map<string, MemberRow>()
  for (const event of events) {
    if ('member' in event) rows.set(event.member.userId, { ...event.member, at: event.at })
  }
  return [...rows.values()]
}

function deliveriesOf(state: OrganizationState, event: InviteEvent | MessageEvent, { newId }: Recorder): MessageRow[] {
  const reason = reasons[event.type]
  if (reason === undefined) return []
  const invite = state.invites.get(event.inviteId)
  // The inviter's address is the host's: it is asked for when the notice leaves, and has no hash.
  const sends = 'sends' in event ? event.sends : 'channel' in event ? [{ channel: event.channel, addressHash: null }] : []
  return sends.map(({ channel, addressHash }) => ({
    id: newId(),
    kind: 'delivery',
    target: channel,
    organizationId: state.organizationId,
    inviteId: event.inviteId,
    generation: invite?.generation ?? 1,
    reason,
    eventId: null,
    addressHash,
    createdAt: event.at,
  }))
}

const reasons: Readonly<Partial<Record<DomainEvent['type'], MessageRow['reason']>>> = {
  'invite.created': 'created',
  'invite.resent': 'resent',
  'reminder.due': 'reminder',
  'notice.due': 'expired',
}

/** One message for each target of an event. */
export const announce = (event: EventRow, { targets, newId }: Pick<Recorder, 'targets' | 'newId'>): MessageRow[] =>
  targets.map(target => ({
    id: newId(),
    kind: 'event',
    target,
    organizationId: event.organizationId,
    inviteId: event.inviteId,
    generation: 0,
    reason: null,
    eventId: event.id,
    addressHash: null,
    createdAt: event.at,
  }))

interface Moment {
  readonly id: string
  readonly at: Date
}

/** Of an event that no command makes, but the way of a message does: sent, delivery failed. With the invite as it is. */
export const eventRow = (type: InviteEventType, invite: InviteRecord, { id, at }: Moment): EventRow => ({
  id,
  organizationId: invite.organizationId,
  inviteId: invite.id,
  type,
  at,
  actorId: null,
  previousStatus: invite.status,
  data: toJson(toInvite(invite, at)),
})
