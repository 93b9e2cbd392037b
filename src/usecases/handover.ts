// Handing one message over: still ours? still due? then compose, send, settle.
import type { InviteEventType } from '../domain/event.ts'
import type { InviteRecord } from '../domain/invite.ts'
import type { InviteEvent } from '../ports/events.ts'
import type { Checked, Hold, Lease, Leased, Settled, Settlement } from '../ports/outbox.ts'
import type { EventRow, MessageRow } from '../ports/rows.ts'
import { composeMessage } from './compose.ts'
import { createGather } from './gather.ts'
import { announce, backoff, whyNotDue } from './messages.ts'
import type { Notice } from './notice.ts'
import type { Settings } from './settings.ts'
import { fromJson, toInvite, toJson } from './view.ts'

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
      if (message.target === 'on') await within(signal, () => notice.emit(event)).catch(tellOf(event))
      else if (sink) await within(signal, () => sink.publish(event, { signal }))
      else throw new Error(`there is no sink named ${message.target} in this process`)
    }
    return { settlement: { id: message.id, outcome: 'done', providerId: null, at: now() } }
  }

  /** Listeners retry nothing, not even one that gives no answer. */
  const tellOf = (event: InviteEvent) => (error: unknown) => onError(error, { where: `a listener of ${event.type}` })

  /** Null when the message is ours no longer. */
  async function send(held: Held, checked: Checked, signal: AbortSignal): Promise<Ending | null> {
    const { invite, message } = checked
    const { id, target } = message
    const failure = whyNotDue(invite, message, now())
    if (failure !== null) return { settlement: { id, outcome: 'dropped', status: 'suppressed', failure, at: now() } }
    const transport = transports.get(target)
    if (!transport) throw new Error(`there is no transport for ${target} in this process`)
    const since = performance.now()
    const composed = await within(signal, () => composeMessage(settings, invite, message))
    if (performance.now() - since > stale) {
      const again = await check(held)
      if (again === null) return null
      const why = whyNotDue(again.invite, again.message, now())
      if (why !== null) return { settlement: { id, outcome: 'dropped', status: 'suppressed', failure: why, at: now() } }
    }
    const answer = await within(signal, () => transport.send({ ...composed, signal }))
    const providerId = textOf(answer?.providerId)
    return { settlement: { id, outcome: 'done', providerId, at: now() }, event: eventOf('invite.sent', invite) }
  }

  function refused({ invite, message }: Checked, error: unknown): Ending {
    const attempts = message.attempts + 1
    if (!isExpected(error)) onError(error, { where: `${message.target}, try ${attempts}` })
    const { id } = message
    const at = now()
    const failure = failureOf(error)
    if (!isPermanent(error) && attempts < relay.maxAttempts) {
      const dueAt = new Date(at.getTime() + backoff(attempts, Math.random()))
      return { settlement: { id, outcome: 'retry', failure, at, dueAt } }
    }
    const settlement = { id, outcome: 'dropped', status: 'failed', failure, at } as const
    return message.kind === 'delivery' ? { settlement, event: eventOf('invite.delivery_failed', invite) } : { settlement }
  }

  async function settle(owner: string, { settlement, event }: Ending): Promise<Handover> {
    const messages: readonly MessageRow[] = event ? announce(event, { targets, newId }) : []
    const lease = { owner: newId(), ms: relay.lease }
    const until = performance.now() + lease.ms
    const settled = await settleOne({ owner, settlement, ...(event ? { event, messages } : {}), lease })
    if (settled === null) return skipped
    const next = messages.map(({ id, target }) => ({ id, target, owner: settled, until }))
    return { result: settlement.outcome === 'done' ? 'delivered' : 'failed', next }
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

const toEvent = (row: NonNullable<Leased['event']>): InviteEvent => ({
  id: row.id,
  type: row.type,
  timestamp: row.at,
  organizationId: row.organizationId,
  sequence: row.sequence,
  data: {
    invite: fromJson(row.data),
    actor: row.actorId === null ? null : { userId: row.actorId },
    previousStatus: row.previousStatus,
  },
})

/** What never settles is given up in time to say so; what has no time left is not begun. */
function within<T>(signal: AbortSignal, work: () => T | Promise<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    const stop = () => reject(new Error('gave no answer in time'))
    if (signal.aborted) return stop()
    signal.addEventListener('abort', stop, { once: true })
    Promise.resolve(work()).then(resolve, reject)
  })
}

/** The host is told, and whatever its function throws ends no delivery. */
export const quietly =
  (onError: Settings['onError']): Settings['onError'] =>
  (error, context) => {
    try {
      onError(error, context)
    } catch {
      // There is nobody else to tell.
    }
  }

const isPermanent = (error: unknown): boolean => (error as { permanent?: unknown } | null)?.permanent === true

/** A transport of ours says what failed in words that may be stored. */
const isExpected = (error: unknown): boolean => typeof (error as { failure?: unknown } | null)?.failure === 'string'

/** Milliseconds that the receiver asked for, at most a day. */
function askedToWait(error: unknown): number {
  const { retryAfter } = (error ?? {}) as { retryAfter?: unknown }
  return typeof retryAfter === 'number' && retryAfter > 0 ? Math.min(retryAfter, 86_400_000) : 0
}

/** Our words and a status code: a provider's text can hold the mail and its link. */
function failureOf(error: unknown): string {
  const { failure } = (error ?? {}) as { failure?: unknown }
  return (typeof failure === 'string' ? textOf(failure) : null) ?? 'the transport failed'
}

/** A transport may answer anything: text that every database keeps, or null. */
function textOf(value: unknown): string | null {
  if (typeof value !== 'string' && typeof value !== 'number') return null
  return String(value).replaceAll('\0', '').slice(0, 200).toWellFormed()
}
