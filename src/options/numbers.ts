// Limits, whole numbers and durations among the options.

import type { InvitesOptions } from '../api/options.ts'
import { inTime } from '../concurrency/timeout.ts'
import { type Duration, maxDurationMs, minDurationMs, toMilliseconds } from '../domain/duration.ts'
import type { CheckedLimits, Limits } from '../domain/limits.ts'
import { type OptionChecks, type Refuse, refuseAs, runChecks } from '../validation/known-options.ts'
import { isRecord } from '../validation/validators.ts'

export const refuse: Refuse = refuseAs('invitekit')

export type LimitsOf = (organizationId: string) => CheckedLimits | Promise<CheckedLimits>

/** Fixed limits are checked once; those that a function answers, each time they are asked for. */
export function limitsOf(limits: NonNullable<InvitesOptions<unknown>['limits']>): LimitsOf {
  if (typeof limits !== 'function') {
    const fixed = checkLimits(limits)
    return () => fixed
  }
  return async organizationId => checkLimits(await inTime('limits', limits(organizationId)))
}

const count = (name: keyof Limits) => (value: unknown) => (value === undefined ? null : wholeNumber(`limits.${name}`, value, 0))

const limitChecks = {
  pending: count('pending'),
  seats: count('seats'),
  bulk: (bulk = 50) => wholeNumber('limits.bulk', bulk, 0),
  resendCooldown: (cooldown = 0) => (cooldown === 0 ? null : durationMs('limits.resendCooldown', cooldown)),
  perRecipientPerDay: count('perRecipientPerDay'),
  perInviterPerDay: count('perInviterPerDay'),
  pendingHoldsSeat: (holds = false) =>
    typeof holds === 'boolean' ? holds : refuse('`limits.pendingHoldsSeat` must be true or false.'),
} satisfies OptionChecks<Limits>

function checkLimits(limits: Limits): CheckedLimits {
  if (!isRecord(limits)) return refuse('`limits` must be an object, and so must what its function answers; `{}` is no limits.')
  const unknown = (name: string) => `there is no limit \`${name}\`; the limits are`
  return runChecks(limits, limitChecks, { refuse, unknown, first: ['pendingHoldsSeat'] })
}

/** For commands that no limit applies to. */
export const unlimited: CheckedLimits = checkLimits({})

export function wholeNumber(name: string, value: unknown, min: number): number {
  const fits = typeof value === 'number' && Number.isSafeInteger(value) && value >= min
  return fits ? value : refuse(`\`${name}\` must be a whole number from ${min}, or left out.`)
}

/** The time of a timer, in milliseconds. Node fires a timer of more than 2^31 - 1 ms at once. */
export function timerMs(name: string, value: Duration): number {
  const ms = durationMs(name, value)
  return ms < 2 ** 31 ? ms : refuse(`\`${name}\` must be at most 24 days.`)
}

export function durationMs(name: string, value: Duration): number {
  const ms = toMilliseconds(value)
  if (ms !== null && ms >= minDurationMs && ms <= maxDurationMs) return ms
  return refuse(`\`${name}\` must be between 1 second and 10 years: milliseconds, or a text such as '7d'.`)
}
