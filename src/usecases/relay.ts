// The relay, the only door out: holds messages for a time, asks whether they are still due, hands them over, settles.
import type { InviteEventType } from '../domain/event.ts'
import type { InviteRecord } from '../domain/invite.ts'
import type { InviteEvent } from '../ports/events.ts'
import type { Leased, Settlement } from '../ports/outbox.ts'
import type { EventRow, MessageRow } from '../ports/rows.ts'
import type { Relay } from './calls.ts'
import { composeMessage } from './compose.ts'
import { announce, backoff, whyNotDue } from './messages.ts'
import type { Notice } from './notice.ts'
import type { Settings } from './settings.ts'
import { createThrottle } from './throttle.ts'
import type { Holding } from './transact.ts'
import { fromJson, toInvite, toJson } from './view.ts'

interface Parts {
  readonly notice: Notice
  readonly newId: () => string
}

/** One message under way: whose lease it is, and until when (`performance.now()`). */
interface Held {
  readonly id: string
  readonly target: string
  readonly owner: string
  readonly until: number
}

type Handed = 'delivered' | 'failed' | 'skipped'

export interface RelayWithDoor extends Relay {
  /** Takes over what this process has just committed. */
  readonly deliver: (holding: Holding) => Promise<void>
  readonly nudge: () => void
}

export function createRelay<Tx>(settings: Settings<Tx>, { notice, newId }: Parts): RelayWithDoor {
  const { storage, transports, relay, onError } = settings
  const { outbox } = storage
  const targets = ['on', ...settings.sinks.map(sink => sink.name)]
  const sinks = new Map(settings.sinks.map(sink => [sink.name, sink]))
  const throttles = new Map([...transports].map(([channel, transport]) => [channel, createThrottle(transport)]))
  const free = createThrottle({ maxInFlight: 16 })
  const underWay = new Set<Promise<unknown>>()
  const timers = new Set<NodeJS.Timeout>()
  let polling: NodeJS.Timeout | undefined
  let halting = false

  const now = () => settings.clock?.() ?? new Date()

  /** Keeps `stop` and `drain` waiting for it, and never rejects. */
  function track<T>(work: Promise<T>, where: string): Promise<T | undefined> {
    const quiet = work.catch(error => void onError(error, { where }))
    underWay.add(quiet)
    void quiet.finally(() => underWay.delete(quiet))
    return quiet
  }

  async function deliver({ messages, lease, since }: Holding): Promise<void> {
    if (messages.length === 0) return
    const until = since + lease.ms
    const held = messages.map(({ id, target }) => ({ id, target, owner: lease.owner, until }))
    const work = track(handOverAll(held).then(pump), 'delivery')
    relay.waitUntil?.(work)
    if (relay.inline === 'await') await work
  }

  async function handOverAll(held: readonly Held[]): Promise<readonly Handed[]> {
    return Promise.all(held.map(each => (throttles.get(each.target) ?? free)(() => handOver(each))))
  }

  /** Leases and delivers until nothing is due. */
  async function pump(): Promise<{ delivered: number; failed: number }> {
    const sum = { delivered: 0, failed: 0 }
    while (!halting) {
      const owner = newId()
      const until = performance.now() + relay.lease
      const lease = { owner, ms: relay.lease }
      const leased = await outbox.lease(lease, { limit: relay.batch, now: settings.clock?.() ?? null })
      if (leased.length === 0) break
      const handed = await handOverAll(leased.map(({ id, target }) => ({ id, target, owner, until })))
      sum.delivered += handed.filter(each => each === 'delivered').length
      sum.failed += handed.filter(each => each === 'failed').length
    }
    return sum
  }

  /** Asks again, immediately before handing over, whether the message is ours and its invite alive. */
  async function handOver({ id, owner, until }: Held): Promise<Handed> {
    const held = await outbox.check(id, owner)
    if (held === null) return 'skipped'
    const { invite, message } = held
    const left = until - performance.now()
    if (left <= 0) return 'skipped'
    const signal = AbortSignal.timeout(Math.ceil(left))
    try {
      return message.kind === 'event' ? await publish(message, owner, signal) : await send(invite, message, owner, signal)
    } catch (error) {
      return await refused(invite, message, owner, error)
    }
  }

  async function publish(message: Leased, owner: string, signal: AbortSignal): Promise<Handed> {
    if (message.event === null) return settle({ id: message.id, outcome: 'done', providerId: null, at: now() }, owner)
    const event = toEvent(message.event)
    if (message.target === 'on') await notice.emit(event)
    else await within(signal, sinks.get(message.target)?.publish(event, { signal }))
    return settle({ id: message.id, outcome: 'done', providerId: null, at: now() }, owner)
  }

  async function send(invite: InviteRecord, message: Leased, owner: string, signal: AbortSignal): Promise<Handed> {
    const at = now()
    const reason = whyNotDue(invite, message, at)
    const transport = transports.get(message.target)
    if (reason !== null) return settle({ id: message.id, outcome: 'dropped', status: 'suppressed', failure: reason, at }, owner)
    if (!transport) throw new Error(`there is no transport for ${message.target} in this process`)
    const composed = await composeMessage(settings, invite, message)
    const answer = await within(signal, transport.send({ ...composed, signal }))
    const sent = eventOf('invite.sent', invite)
    const providerId = answer?.providerId ?? null
    return settle({ id: message.id, outcome: 'done', providerId, at: now() }, owner, sent)
  }

  async function refused(invite: InviteRecord, message: Leased, owner: string, error: unknown): Promise<Handed> {
    if (message.kind === 'event' || !isExpected(error))
      onError(error, { where: `${message.target}, try ${message.attempts + 1}` })
    const { id } = message
    const at = now()
    const failure = failureOf(error)
    const attempts = message.attempts + 1
    if (isPermanent(error) || attempts >= relay.maxAttempts) {
      const failed = message.kind === 'delivery' ? eventOf('invite.delivery_failed', invite) : undefined
      await settle({ id, outcome: 'dropped', status: 'failed', failure, at }, owner, failed)
    } else {
      const dueAt = new Date(at.getTime() + backoff(attempts, Math.random()))
      await settle({ id, outcome: 'retry', failure, at, dueAt }, owner)
    }
    return 'failed'
  }

  async function settle(settlement: Settlement, owner: string, event?: EventRow): Promise<Handed> {
    const messages: readonly MessageRow[] = event ? announce(event, { targets, newId }) : []
    const settled = await outbox.settle([event ? { settlement, event, messages } : { settlement }], owner)
    return settled.length === 0 ? 'skipped' : settlement.outcome === 'done' ? 'delivered' : 'failed'
  }

  const eventOf = (type: InviteEventType, invite: InviteRecord): EventRow => ({
    id: newId(),
    organizationId: invite.organizationId,
    inviteId: invite.id,
    type,
    at: now(),
    actorId: null,
    previousStatus: invite.status,
    data: toJson(toInvite(invite, now())),
  })

  /** Looks once, later: a host's transaction may have committed by then. */
  function nudge(): void {
    if (relay.inline === false) return
    for (const ms of timers.size > 0 ? [] : [50, 500, 2000]) {
      const timer = setTimeout(() => {
        timers.delete(timer)
        void track(pump(), 'relay')
      }, ms)
      timer.unref()
      timers.add(timer)
    }
  }

  function start(): void {
    if (polling) return
    const poll = async () => {
      await track(pump(), 'relay')
      if (polling) polling = setTimeout(poll, relay.poll)
    }
    polling = setTimeout(poll, 0)
  }

  async function stop(): Promise<void> {
    clearTimeout(polling)
    polling = undefined
    for (const timer of timers) clearTimeout(timer)
    timers.clear()
    halting = true
    while (underWay.size > 0) await Promise.all(underWay)
    halting = false
  }

  async function drain(): Promise<{ delivered: number; failed: number }> {
    const sum = await pump()
    while (underWay.size > 0) await Promise.all(underWay)
    return sum
  }

  return { deliver, nudge, start, stop, drain, redeliver: id => outbox.redeliver(id, settings.clock?.() ?? null) }
}

const toEvent = (row: EventRow & { readonly sequence: number }): InviteEvent => ({
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

/** A transport that never settles is given up when its lease runs out. */
function within<T>(signal: AbortSignal, work: Promise<T> | undefined): Promise<T | undefined> {
  return new Promise((resolve, reject) => {
    signal.addEventListener('abort', () => reject(new Error('gave no answer in time')), { once: true })
    Promise.resolve(work).then(resolve, reject)
  })
}

const isPermanent = (error: unknown): boolean => (error as { permanent?: unknown } | null)?.permanent === true

const isExpected = (error: unknown): boolean => typeof (error as { failure?: unknown } | null)?.failure === 'string'

/** Our words and a status code: a provider's text can hold the mail and its link. */
function failureOf(error: unknown): string {
  const { failure } = (error ?? {}) as { failure?: unknown }
  return typeof failure === 'string' ? failure.slice(0, 200) : 'the transport failed'
}
