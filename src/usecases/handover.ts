// Handing one message over: still ours? still due? then compose, send, settle.
import type { InviteEventType } from '../domain/event.ts'
import type { InviteRecord } from '../domain/invite.ts'
import type { Checked, Hold, Lease, Settled, Settlement } from '../ports/outbox.ts'
import type { EventRow, MessageRow } from '../ports/rows.ts'
import { composeMessage } from './compose.ts'
import { askedToWait, failureOf, isExpected, isPermanent, quietly, textOf, within } from './failure.ts'
import { createGather } from './gather.ts'
import { announce, backoff, whyNotDue } from './messages.ts'
import type { Notice } from './notice.ts'
import type { Settings } from './settings.ts'
import { toEvent, toInvite, toJson } from './view.ts'

export interface Parts {
  readonly notice: Notice
  readonly newId: () => string
}

/** A message under way, and until when it is ours (`performance.now()`). */
export interface Held extends Hold {
  readonly target: string
  readonly until: number
}

/** `heard`: by listeners of this process, where nothing left it. */
export type Handed = 'delivered' | 'failed' | 'skipped' | 'heard'

export interface Handover {
  readonly result: Handed
  /** Messages that the settlement brought along, held already. */
  readonly next: readonly Held[]
}

interface Settling extends Settled {
  readonly lease: Lease
}

/** How the handing over ended, to be settled. */
interface Ending {
  readonly result: Handed
  readonly settlement: Settlement
  readonly event?: EventRow
}

const skipped: Handover = { result: 'skipped', next: [] }
/** The share of a lease that is kept for settling: a try that ended with it could not be counted, and would repeat for ever. */
const reserve = 0.2
/** Milliseconds of composing after which lease and state are asked again: directory and render are the host's. */
const stale = 100

export function createHandover<Tx>(settings: Settings<Tx>, { notice, newId }: Parts) {
  const { storage, transports, relay } = settings
  const onError = quietly(settings.onError)
  const targets = ['on', ...settings.sinks.map(sink => sink.name)]
  const sinks = new Map(settings.sinks.map(sink => [sink.name, sink]))
  const now = () => settings.clock?.() ?? new Date()
  const check = createGather(checkAll)
  const settleOne = createGather(settleAll)

  /** Asks again, immediately before handing over, whether the message is ours and its invite alive. */
  return async (held: Held): Promise<Handover> => {
    const checked = await check(held)
    const left = held.until - relay.lease * reserve - performance.now()
    if (checked === null || left <= 0) return skipped
    const signal = AbortSignal.timeout(Math.ceil(left))
    // A settlement that fails is no failure of the transport: the message stays held, and is looked at again later.
    const ending = await handedOver(held, checked, signal).catch(error => refused(checked, error))
    return ending === null ? skipped : settle(checked.owner, ending)
  }

  async function handedOver(held: Held, checked: Checked, signal: AbortSignal): Promise<Ending | null> {
    return checked.message.kind === 'event' ? publish(checked, signal) : send(held, checked, signal)
  }

  async function checkAll(holds: readonly Hold[]): Promise<readonly (Checked | null)[]> {
    const found = new Map((await storage.outbox.check(holds)).map(each => [each.message.id, each]))
    return holds.map(({ id }) => found.get(id) ?? null)
  }

  async function publish({ message }: Checked, signal: AbortSignal): Promise<Ending> {
    if (message.event !== null) {
      const event = toEvent(message.event)
      const sink = sinks.get(message.target)
      // Listeners retry nothing, not even one that gives no answer.
      const tell = (error: unknown) => onError(error, { where: `a listener of ${event.type}` })
      if (message.target === 'on') await within(signal, () => notice.emit(event)).catch(tell)
      else if (sink) await within(signal, () => sink.publish(event, { signal }))
      else throw new Error(`there is no sink named ${message.target} in this process`)
    }
    const result = message.target === 'on' ? 'heard' : 'delivered'
    return { result, settlement: { id: message.id, outcome: 'done', providerId: null, at: now() } }
  }

  /** Null when the message is ours no longer. */
  async function send(held: Held, checked: Checked, signal: AbortSignal): Promise<Ending | null> {
    const { invite, message } = checked
    const { id, target } = message
    const failure = whyNotDue(invite, message, now())
    if (failure !== null)
      return { result: 'skipped', settlement: { id, outcome: 'dropped', status: 'suppressed', failure, at: now() } }
    const transport = transports.get(target)
    if (!transport) throw new Error(`there is no transport for ${target} in this process`)
    const since = performance.now()
    const composed = await within(signal, () => composeMessage(settings, invite, message))
    if (performance.now() - since > stale) {
      const again = await check(held)
      if (again === null) return null
      const why = whyNotDue(again.invite, again.message, now())
      if (why !== null)
        return { result: 'skipped', settlement: { id, outcome: 'dropped', status: 'suppressed', failure: why, at: now() } }
    }
    const answer = await within(signal, () => transport.send({ ...composed, signal }))
    const providerId = textOf(answer?.providerId)
    const settlement = { id, outcome: 'done', providerId, at: now() } as const
    return { result: 'delivered', settlement, event: eventOf('invite.sent', invite) }
  }

  function refused({ invite, message }: Checked, error: unknown): Ending {
    const attempts = message.attempts + 1
    const isLast = isPermanent(error) || attempts >= relay.maxAttempts
    // An event that is given up leaves no row to see it by.
    if (!isExpected(error) || (isLast && message.kind === 'event'))
      onError(error, { where: `${message.target}, try ${attempts}` })
    const { id } = message
    const at = now()
    const failure = failureOf(error)
    if (!isLast) {
      const dueAt = new Date(at.getTime() + Math.max(backoff(attempts, Math.random()), askedToWait(error)))
      return { result: 'failed', settlement: { id, outcome: 'retry', failure, at, dueAt } }
    }
    const settlement = { id, outcome: 'dropped', status: 'failed', failure, at } as const
    const event = message.kind === 'delivery' ? { event: eventOf('invite.delivery_failed', invite) } : {}
    return { result: 'failed', settlement, ...event }
  }

  async function settle(owner: string, { result, settlement, event }: Ending): Promise<Handover> {
    const messages: readonly MessageRow[] = event ? announce(event, { targets, newId }) : []
    const lease = { owner: newId(), ms: relay.lease }
    const until = performance.now() + lease.ms
    const settled = await settleOne({ owner, settlement, ...(event ? { event, messages } : {}), lease })
    if (settled === null) return skipped
    const next = messages.map(({ id, target }) => ({ id, target, owner: settled, until }))
    return { result, next }
  }

  /** Settled together, they share one lease for what they bring along: its owner is the answer. */
  async function settleAll(settlings: readonly Settling[]): Promise<readonly (string | null)[]> {
    const lease = settlings[0]?.lease ?? null
    const settled = new Set(await storage.outbox.settle(settlings, lease))
    return settlings.map(({ settlement }) => (settled.has(settlement.id) ? (lease?.owner ?? null) : null))
  }

  function eventOf(type: InviteEventType, invite: InviteRecord): EventRow {
    const at = now()
    const { organizationId, id: inviteId, status: previousStatus } = invite
    return {
      id: newId(),
      organizationId,
      inviteId,
      type,
      at,
      actorId: null,
      previousStatus,
      data: toJson(toInvite(invite, at)),
    }
  }
}
