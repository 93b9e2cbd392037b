// Delivers one message: checks that it is still ours and still due, composes and sends it, and says how that ended.

import { eventRow } from '../commit/changes.ts'
import type { InviteEventType } from '../domain/event.ts'
import { composeMessage } from '../mail/compose.ts'
import { composeNotice } from '../mail/expiry-notice.ts'
import { nowOf, type Settings } from '../options/settings.ts'
import type { Checked, Leased } from '../ports/storage/outbox.ts'
import { isMessageError, messageError } from '../text/message-error.ts'
import { toEvent } from '../views/invite.ts'
import { type AttemptDeadlines, isLeftAlone, isStopped, untilAborted } from './attempt-deadline.ts'
import { askedToWait, failureOf, isExpected, isGone, isOptedOut, isPermanent, textOf } from './failure.ts'
import { createFaultReporter } from './fault-reporter.ts'
import { type HeldMessage, latestStart } from './held-message.ts'
import { freshForMs, type LeaseChecks } from './lease-checks.ts'
import type { Listeners } from './listeners.ts'
import { redact } from './redact.ts'
import type { AttemptResult, FinishedAttempt } from './settle.ts'
import { backoff, isToRecipient, whyNotDue } from './still-due.ts'
import { createSuppressed } from './suppressed.ts'

export interface DeliveryParts {
  readonly listeners: Listeners
  readonly newId: () => string
}

interface DeliverParts extends DeliveryParts {
  readonly leaseChecks: LeaseChecks
  readonly deadlines: AttemptDeadlines
}

/** `lost`: the lease is no longer ours. `late`: no time is left to send it, so its lease is released. Neither is settled. */
export type Attempt = FinishedAttempt | 'lost' | 'late'

export function createDeliver<Tx>(settings: Settings<Tx>, { listeners, newId, leaseChecks, deadlines }: DeliverParts) {
  const { transports, relay, onError, storage } = settings
  const sinks = new Map(settings.sinks.map(sink => [sink.name, sink]))
  const now = () => settings.clock?.() ?? leaseChecks.now()
  const suppressed = createSuppressed(settings)
  const faults = createFaultReporter(onError, now)

  /** `next`: the messages that will start next; a stale lease check is refreshed together with theirs. */
  return async (held: HeldMessage, next: () => readonly HeldMessage[]): Promise<Attempt> => {
    if (deadlines.areOver()) return 'late'
    if (held.target === 'on' && !listeners.hears()) return done(held.id, 'heard')
    const checked = await leaseChecks.get(held, next)
    if (checked === null) return 'lost'
    const left = latestStart(held, relay.lease) - performance.now()
    if (left <= 0) return 'late'
    return deadlines.run(left, signal => attempt(held, checked, signal).catch(error => rejected(checked, error, signal)))
  }

  async function attempt(held: HeldMessage, checked: Checked, signal: AbortSignal): Promise<Attempt> {
    return checked.message.kind === 'event' ? publish(checked, signal) : send(held, checked, signal)
  }

  async function publish({ message, disabled }: Checked, signal: AbortSignal): Promise<FinishedAttempt> {
    const { id, target } = message
    if (disabled) return dropped(id, 'the sink is switched off')
    refuseUnended(message)
    if (message.event !== null) {
      const event = toEvent(message.event)
      const sink = sinks.get(target)
      // An event is never given to listeners again, not even when one of them gives no answer.
      const report = (error: unknown) => onError(error, { where: `a listener of ${event.type}` })
      if (target === 'on') await untilAborted(signal, () => listeners.emit(event)).catch(report)
      else if (sink) await untilAborted(signal, () => sink.publish(event, { signal })).then(() => faults.recovered(target))
      else throw new Error(`there is no sink named ${target} in this process`)
    }
    return done(id, target === 'on' ? 'heard' : 'delivered')
  }

  function done(id: string, result: AttemptResult, providerId: string | null = null): FinishedAttempt {
    return { result, settlement: { id, outcome: 'done', providerId, at: now() } }
  }

  /** These attempts were begun with nothing else under way, and none of them ended: the message ends its process. */
  function refuseUnended({ lapses }: Leased): void {
    if (lapses > relay.maxAttempts) throw unended
  }

  async function send(held: HeldMessage, checked: Checked, signal: AbortSignal): Promise<Attempt> {
    const { message } = checked
    const { id, target } = message
    const failure = await whyNotSent(checked)
    if (failure !== null) return dropped(id, failure)
    refuseUnended(message)
    const transport = transports.get(target)
    if (!transport) throw new Error(`there is no transport for ${target} in this process`)
    const since = performance.now()
    const composed = await compose(checked, signal)
    if ('failure' in composed) return dropped(id, composed.failure)
    if (performance.now() - since > freshForMs) {
      const recheck = await leaseChecks.recheck(held)
      if (recheck === null) return 'lost'
      const why = await whyNotSent(recheck)
      if (why !== null) return dropped(id, why)
      if (latestStart(held, relay.lease) <= performance.now()) return 'late'
    }
    const begun = performance.now()
    const answer = await untilAborted(signal, () => transport.send({ ...composed, signal }))
    faults.recovered(target)
    // After a slow send the event shows the invite as it is now, not as it was when the send began.
    const current = performance.now() - begun > freshForMs ? await leaseChecks.recheck(held).catch(() => null) : null
    return { ...done(id, 'delivered', textOf(answer?.providerId)), ...eventOf('invite.sent', current ?? checked) }
  }

  /** In our words; null when it may be sent. */
  async function whyNotSent(checked: Checked): Promise<string | null> {
    return whyNotDue(checked.invite, checked.message, now()) ?? (await suppressed.why(checked))
  }

  /** Calls functions of the host. What they throw is no failure of the transport, and none of their words is stored. */
  async function compose(checked: Checked, signal: AbortSignal) {
    const { message } = checked
    const work = () =>
      isToRecipient(message) ? composeMessage(settings, { ...checked, message }) : composeNotice(settings, checked)
    try {
      return await untilAborted(signal, work)
    } catch (fault) {
      if (isMessageError(fault) || isStopped(signal)) throw fault
      const error = redact(settings, checked, fault)
      onError(error, { where: `writing for ${message.target}, try ${message.attempts}` })
      throw messageError('the message could not be written', { permanent: isPermanent(error) })
    }
  }

  /** No longer worth sending, and why. */
  function dropped(id: string, failure: string): FinishedAttempt {
    return { result: 'skipped', settlement: { id, outcome: 'dropped', status: 'suppressed', failure, at: now() } }
  }

  async function rejected(checked: Checked, fault: unknown, signal: AbortSignal): Promise<Attempt> {
    const { message } = checked
    const error = message.kind === 'event' ? fault : redact(settings, checked, fault)
    if (message.kind === 'delivery' && isOptedOut(error)) {
      await suppressed.add(checked)
      return dropped(message.id, failureOf(error))
    }
    // Aborted because the relay stops: that is no failure. What did not end on the signal is left to its lease.
    if (isStopped(signal) && !isPermanent(error)) return isLeftAlone(error) ? 'lost' : 'late'
    const { id, attempts } = message
    const isSinkGone = message.kind === 'event' && isGone(error)
    const isLast = isSinkGone || isPermanent(error) || attempts >= relay.maxAttempts
    if (isSinkGone) await disableSink(message.target, error)
    else faults.failed(message, error, isLast)
    const at = now()
    const failure = failureOf(error)
    if (!isLast) {
      const dueAt = new Date(at.getTime() + Math.max(backoff(attempts, Math.random()), askedToWait(error)))
      return { result: 'failed', settlement: { id, outcome: 'retry', failure, at, dueAt } }
    }
    const settlement = { id, outcome: 'dropped', status: 'failed', failure, at } as const
    return { result: 'failed', settlement, ...eventOf('invite.delivery_failed', checked) }
  }

  /** Switches off a sink whose receiver is gone, for every process. Only the first to find out tells the host. */
  async function disableSink(name: string, error: unknown): Promise<void> {
    const reason = isExpected(error) ? failureOf(error) : 'the receiver is gone'
    if (!(await storage.disabledSinks.disable({ name, disabledAt: nowOf(settings), reason }))) return
    const call = `invites.relay.enable(${JSON.stringify(name)})`
    onError(new Error(`${reason}: its events are dropped until you call ${call}`, { cause: error }), { where: `sink ${name}` })
  }

  /** Only messages to the recipient have an event of their own. */
  function eventOf(type: InviteEventType, { invite, message }: Checked): Pick<FinishedAttempt, 'event'> {
    const isToInvitee = message.kind === 'delivery' && isToRecipient(message)
    return isToInvitee ? { event: eventRow(type, invite, { id: newId(), at: now() }) } : {}
  }
}

const unended = Object.assign(new Error('no try of this message ended: whoever sent it stopped each time'), {
  permanent: true,
  failure: 'No try of it ended.',
})
