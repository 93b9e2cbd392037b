// The rows that a commit writes: invites, history, messages for the outbox, and who delivers those.
import { type DomainEvent, type InviteEvent, type InviteEventType, isInviteEvent, type MessageEvent } from '../domain/event.ts'
import { type InviteId, type InviteRecord, statusAt } from '../domain/invite.ts'
import { type IdempotencyRecord, type OrganizationState, useKey } from '../domain/state.ts'
import type { Settings } from '../options/settings.ts'
import type { Changes } from '../ports/storage/changes.ts'
import type { Lease } from '../ports/storage/outbox.ts'
import type { EventRow, MemberRow, MessageRow } from '../ports/storage/rows.ts'
import { toInvite, toJson } from '../views/invite.ts'
import { idempotencyTtlMs, type Step } from './decide-batch.ts'

/** Messages that this process has committed under its own lease and is to deliver. */
export interface Handoff {
  readonly messages: readonly MessageRow[]
  readonly lease: Lease
  /** `performance.now()` before the commit: the lease began no earlier. */
  readonly since: number
}

/** What a commit needs of the relay in this process. */
export interface DeliveryHandle {
  readonly newId: () => string
  /** Delivers what was committed; settles when that is done. */
  readonly deliver: (handoff: Handoff) => Promise<unknown>
  /** Messages without a lease are in the outbox: `now`, or `soon`, when a host's transaction commits. */
  readonly nudge: (when: 'now' | 'soon') => void
  /** Whether anybody in this process listens to events. */
  readonly hears: () => boolean
}

/** How the rows of a commit are made. */
interface Recorder {
  readonly newId: () => string
  /** The targets of every event: `on`, and each sink. */
  readonly targets: readonly string[]
  readonly lease: Lease | null
  /** False when members are in the host's own table. */
  readonly ownMembers: boolean
}

/** Who delivers the messages of a commit. With `isDeferred` no lease is taken, whatever the options say. */
export function leaseAndTargets<Tx>(
  { relay, sinks }: Settings<Tx>,
  { newId, hears }: DeliveryHandle,
  isDeferred: boolean,
): Pick<Recorder, 'lease' | 'targets'> {
  const lease = isDeferred || relay.inline === false ? null : { owner: newId(), ms: relay.lease }
  const names = sinks.map(({ name }) => name)
  // Under a lease of this process, events for listeners are written only if it has listeners.
  return { lease, targets: lease === null || hears() ? ['on', ...names] : names }
}

/** Everything that one commit writes for these steps. Pure, but for the ids that the recorder makes. */
export function toChanges(
  before: OrganizationState,
  steps: readonly Step[],
  records: readonly IdempotencyRecord[],
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
  const existing = invites.filter(({ id }) => before.invites.has(id))
  const leaves = (invite: InviteRecord) => before.invites.get(invite.id)?.status === 'pending' && invite.status !== 'pending'
  return {
    organizationId: before.organizationId,
    revision: before.revision,
    ended: existing.filter(leaves),
    changed: existing.filter(invite => !leaves(invite)),
    made: invites.filter(({ id }) => !before.invites.has(id)),
    uses: events.flatMap(event => (event.type === 'invite.accepted' ? useOf(after, event) : [])),
    members: recorder.ownMembers ? membersOf(events) : [],
    idempotency: records,
    expireBefore: records.length > 0 ? new Date(before.now.getTime() - idempotencyTtlMs) : null,
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

/** One row for each member, as the last event left it. */
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
  // A notice goes to the inviter, whose address the host's directory gives when it is sent: it has no hash.
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

/** The row of an event that delivery causes, and no command: sent, delivery failed. With the invite as it is now. */
export const eventRow = (
  type: InviteEventType,
  invite: InviteRecord,
  { id, at }: { readonly id: string; readonly at: Date },
): EventRow => ({
  id,
  organizationId: invite.organizationId,
  inviteId: invite.id,
  type,
  at,
  actorId: null,
  previousStatus: invite.status,
  data: toJson(toInvite(invite, at)),
})
