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

const nothing: readonly Held[] = []

export function createHandover<Tx>(settings: Settings<Tx>, { notice, newId }: Parts) {
  const { storage, transports, relay, onError } = settings
  const targets = ['on', ...settings.sinks.map(sink => sink.name)]
  const sinks = new Map(settings.sinks.map(sink => [sink.name, sink]))
  const now = () => settings.clock?.() ?? new Date()
  const check = createGather(checkAll)
  const settleOne = createGather(settleAll)

  /** Asks again, immediately before handing over, whether the message is ours and its invite alive. */
  return async (held: Held): Promise<Handover> => {
    const checked = await check(held)
    const left = held.until - performance.now()
    if (checked === null || left <= 0) return { result: 'skipped', next: nothing }
    const signal = AbortSignal.timeout(Math.ceil(left))
    try {
      return await (checked.message.kind === 'event' ? publish(checked, signal) : send(checked, signal))
    } catch (error) {
      return refused(checked, error)
    }
  }

  async function checkAll(holds: readonly Hold[]): Promise<readonly (Checked | null)[]> {
    const found = new Map((await storage.outbox.check(holds)).map(each => [each.message.id, each]))
    return holds.map(({ id }) => found.get(id) ?? null)
  }

  async function publish({ owner, message }: Checked, signal: AbortSignal): Promise<Handover> {
    if (message.event !== null) {
      const event = toEvent(message.event)
      const sink = sinks.get(message.target)
      if (message.target === 'on') await notice.emit(event)
      else if (sink) await within(signal, sink.publish(event, { signal }))
      else throw new Error(`there is no sink named ${message.target} in this process`)
    }
    const settled = await settle(owner, { id: message.id, outcome: 'done', providerId: null, at: now() })
    return message.target === 'on' && settled.result === 'delivered' ? { ...settled, result: 'heard' } : settled
  }

  async function send({ owner, invite, message }: Checked, signal: AbortSignal): Promise<Handover> {
    const { id, target } = message
    const failure = whyNotDue(invite, message, now())
    if (failure !== null) {
      return {
        ...(await settle(owner, { id, outcome: 'dropped', status: 'suppressed', failure, at: now() })),
        result: 'skipped',
      }
    }
    const transport = transports.get(target)
    if (!transport) throw new Error(`there is no transport for ${target} in this process`)
    const composed = await composeMessage(settings, invite, message)
    const answer = await within(signal, transport.send({ ...composed, signal }))
    const providerId = answer?.providerId ?? null
    return settle(owner, { id, outcome: 'done', providerId, at: now() }, eventOf('invite.sent', invite))
  }

  async function refused({ owner, invite, message }: Checked, error: unknown): Promise<Handover> {
    const attempts = message.attempts + 1
    if (!isExpected(error)) onError(error, { where: `${message.target}, try ${attempts}` })
    const { id } = message
    const at = now()
    const failure = failureOf(error)
    if (isPermanent(error) || attempts >= relay.maxAttempts) {
      const failed = message.kind === 'delivery' ? eventOf('invite.delivery_failed', invite) : undefined
      return { ...(await settle(owner, { id, outcome: 'dropped', status: 'failed', failure, at }, failed)), result: 'failed' }
    }
    const dueAt = new Date(at.getTime() + Math.max(backoff(attempts, Math.random()), askedToWait(error)))
    return { ...(await settle(owner, { id, outcome: 'retry', failure, at, dueAt })), result: 'failed' }
  }

  async function settle(owner: string, settlement: Settlement, event?: EventRow): Promise<Handover> {
    const messages: readonly MessageRow[] = event ? announce(event, { targets, newId }) : []
    const lease = { owner: newId(), ms: relay.lease }
    const until = performance.now() + lease.ms
    const settled = await settleOne({ owner, settlement, ...(event ? { event, messages } : {}), lease })
    if (settled === null) return { result: 'skipped', next: nothing }
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

/** What never settles is given up when its lease runs out. */
function within<T>(signal: AbortSignal, work: Promise<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    signal.addEventListener('abort', () => reject(new Error('gave no answer in time')), { once: true })
    work.then(resolve, reject)
  })
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
  return typeof failure === 'string' ? failure.slice(0, 200) : 'the transport failed'
}
