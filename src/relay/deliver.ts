// Handing one message over: still ours? still due? then compose and send, and say how it ended.

import { eventRow } from '../commit/changes.ts'
import type { InviteEventType } from '../domain/event.ts'
import { composeMessage } from '../mail/compose.ts'
import { composeNotice } from '../mail/expiry-notice.ts'
import type { Settings } from '../options/settings.ts'
import type { Checked, Leased } from '../ports/storage/outbox.ts'
import { isMessageError, messageError } from '../text/message-error.ts'
import { toEvent } from '../views/invite.ts'
import { type AttemptDeadlines, isLeftAlone, isStopped, untilAborted } from './attempt-deadline.ts'
import { disableSink, isGone } from './disable-sink.ts'
import { askedToWait, failureOf, isOptedOut, isPermanent, textOf } from './failure.ts'
import { createFaultReporter } from './fault-reporter.ts'
import { type HeldMessage, latestStart } from './held-message.ts'
import { freshForMs, type LeaseChecks } from './lease-checks.ts'
import type { Listeners } from './listeners.ts'
import { redact } from './redact.ts'
import type { Ending, Handed } from './settle.ts'
import { backoff, isToRecipient, whyNotDue } from './still-due.ts'
import { createSuppressed } from './suppressed.ts'

export interface Parts {
  readonly listeners: Listeners
  readonly newId: () => string
}

interface DeliverParts extends Parts {
  readonly leaseChecks: LeaseChecks
  readonly deadlines: AttemptDeadlines
}

/** Nothing was handed over: it is somebody else's, or there is no time left for it. */
export type Unsettled = 'lost' | 'late'

export function createDeliver<Tx>(settings: Settings<Tx>, { listeners, newId, leaseChecks, deadlines }: DeliverParts) {
  const { transports, relay, onError } = settings
  const sinks = new Map(settings.sinks.map(sink => [sink.name, sink]))
  const now = () => settings.clock?.() ?? leaseChecks.now()
  const unwanted = createSuppressed(settings)
  const telling = createFaultReporter(onError, now)

  /** Asks again, no more than a moment before, whether it is ours and its invite alive. `behind` are those who come next. */
  return async (held: HeldMessage, behind: () => readonly HeldMessage[]): Promise<Ending | Unsettled> => {
    if (deadlines.areOver()) return 'late'
    if (held.target === 'on' && !listeners.hears()) return taken(held.id, 'heard')
    const checked = await leaseChecks.of(held, behind)
    if (checked === null) return 'lost'
    const left = latestStart(held, relay.lease) - performance.now()
    if (left <= 0) return 'late'
    return deadlines.run(left, signal => handedOver(held, checked, signal).catch(error => refused(checked, error, signal)))
  }

  async function handedOver(held: HeldMessage, checked: Checked, signal: AbortSignal): Promise<Ending | Unsettled> {
    return checked.message.kind === 'event' ? publish(checked, signal) : send(held, checked, signal)
  }

  async function publish({ message, disabled }: Checked, signal: AbortSignal): Promise<Ending> {
    if (disabled) return dropped(message.id, 'the sink is switched off')
    refuseUnended(message)
    if (message.event !== null) {
      const event = toEvent(message.event)
      const sink = sinks.get(message.target)
      // Listeners retry nothing, not even one that gives no answer.
      const tell = (error: unknown) => onError(error, { where: `a listener of ${event.type}` })
      if (message.target === 'on') await untilAborted(signal, () => listeners.emit(event)).catch(tell)
      else if (sink) await untilAborted(signal, () => sink.publish(event, { signal })).then(() => telling.works(message.target))
      else throw new Error(`there is no sink named ${message.target} in this process`)
    }
    return taken(message.id, message.target === 'on' ? 'heard' : 'delivered')
  }

  function taken(id: string, result: Handed, providerId: string | null = null): Ending {
    return { result, settlement: { id, outcome: 'done', providerId, at: now() } }
  }

  /** Each of these tries was begun with nothing else under way, and none of them ended: the message ends its process. */
  function refuseUnended({ lapses }: Leased): void {
    if (lapses > relay.maxAttempts) throw unended
  }

  async function send(held: HeldMessage, checked: Checked, signal: AbortSignal): Promise<Ending | Unsettled> {
    const { invite, message } = checked
    const { id, target } = message
    const failure = whyNotDue(invite, message, now()) ?? (await unwanted.why(checked))
    if (failure !== null) return dropped(id, failure)
    refuseUnended(message)
    const transport = transports.get(target)
    if (!transport) throw new Error(`there is no transport for ${target} in this process`)
    const since = performance.now()
    const composed = await written(checked, signal)
    if ('failure' in composed) return dropped(id, composed.failure)
    if (performance.now() - since > freshForMs) {
      const again = await leaseChecks.again(held)
      if (again === null) return 'lost'
      const why = whyNotDue(again.invite, again.message, now()) ?? (await unwanted.why(again))
      if (why !== null) return dropped(id, why)
      if (latestStart(held, relay.lease) <= performance.now()) return 'late'
    }
    const begun = performance.now()
    const answer = await untilAborted(signal, () => transport.send({ ...composed, signal }))
    telling.works(target)
    // The history says what is, not what was when a slow send began.
    const after = performance.now() - begun > freshForMs ? await leaseChecks.again(held).catch(() => null) : null
    return { ...taken(id, 'delivered', textOf(answer?.providerId)), ...told('invite.sent', after ?? checked) }
  }

  /** With functions of the host's. What they throw is no failure of the transport's, and none of their words is stored. */
  async function written(checked: Checked, signal: AbortSignal) {
    const { message } = checked
    const compose = () =>
      isToRecipient(message) ? composeMessage(settings, { ...checked, message }) : composeNotice(settings, checked)
    try {
      return await untilAborted(signal, compose)
    } catch (fault) {
      if (isMessageError(fault) || isStopped(signal)) throw fault
      const error = redact(settings, checked, fault)
      onError(error, { where: `writing for ${message.target}, try ${message.attempts}` })
      throw messageError('the message could not be written', { permanent: isPermanent(error) })
    }
  }

  /** Not worth handing over any more, and why. */
  function dropped(id: string, failure: string): Ending {
    return { result: 'skipped', settlement: { id, outcome: 'dropped', status: 'suppressed', failure, at: now() } }
  }

  async function refused(checked: Checked, fault: unknown, signal: AbortSignal): Promise<Ending | Unsettled> {
    const { message } = checked
    const error = message.kind === 'event' ? fault : redact(settings, checked, fault)
    if (message.kind === 'delivery' && isOptedOut(error)) {
      await unwanted.add(checked)
      return dropped(message.id, failureOf(error))
    }
    // The relay ended it: that is no failure. What did not end is left to its lease.
    if (isStopped(signal) && !isPermanent(error)) return isLeftAlone(error) ? 'lost' : 'late'
    const { attempts } = message
    const isOver = message.kind === 'event' && isGone(error)
    const isLast = isOver || isPermanent(error) || attempts >= relay.maxAttempts
    if (isOver) await disableSink(settings, message.target, error)
    else telling.failed(message, error, isLast)
    const { id } = message
    const at = now()
    const failure = failureOf(error)
    if (!isLast) {
      const dueAt = new Date(at.getTime() + Math.max(backoff(attempts, Math.random()), askedToWait(error)))
      return { result: 'failed', settlement: { id, outcome: 'retry', failure, at, dueAt } }
    }
    const settlement = { id, outcome: 'dropped', status: 'failed', failure, at } as const
    return { result: 'failed', settlement, ...told('invite.delivery_failed', checked) }
  }

  /** The history tells of what went to the recipient. */
  function told(type: InviteEventType, { invite, message }: Checked): Pick<Ending, 'event'> {
    const isTold = message.kind === 'delivery' && isToRecipient(message)
    return isTold ? { event: eventRow(type, invite, { id: newId(), at: now() }) } : {}
  }
}

const unended = Object.assign(new Error('no try of this message ended: whoever sent it stopped each time'), {
  permanent: true,
  failure: 'No try of it ended.',
})
