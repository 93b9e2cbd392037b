// Limits, whole numbers and durations of the options: nonsense is refused before anything starts.

import type { InvitesOptions } from '../api/options.ts'
import { inTime } from '../concurrency/timeout.ts'
import { type Duration, maxDurationMs, minDurationMs, toMilliseconds } from '../domain/duration.ts'
import type { CheckedLimits, Limits } from '../domain/limits.ts'

export const stop = (sentence: string): never => {
  throw new TypeError(`invitekit: ${sentence}`)
}

/** What is most often wrong with a value that is not there. Begins with a space. */
export const unset = (value: unknown): string =>
  value === undefined || value === '' ? ` It is ${value === '' ? 'empty' : 'undefined'}: is its environment variable set?` : ''

export type LimitsOf = (organizationId: string) => CheckedLimits | Promise<CheckedLimits>

export function limitsOf(limits: NonNullable<InvitesOptions<unknown>['limits']>): LimitsOf {
  if (typeof limits !== 'function') {
    const fixed = checkLimits(limits)
    return () => fixed
  }
  return async organizationId => checkLimits(await inTime('limits', limits(organizationId)))
}

function checkLimits(limits: Limits): CheckedLimits {
  if (typeof limits !== 'object' || limits === null || Array.isArray(limits))
    return stop('`limits` must be an object, and so must what its function answers; `{}` is no limits.')
  const unknown = Object.keys(limits).find(key => !limitNames.has(key))
  if (unknown !== undefined) stop(`there is no limit \`${unknown}\`; the limits are ${[...limitNames].join(', ')}.`)
  const { resendCooldown: cooldown, pendingHoldsSeat: holds = false } = limits
  if (typeof holds !== 'boolean') stop('`limits.pendingHoldsSeat` must be true or false.')
  const count = (name: keyof Limits) => {
    const value = limits[name]
    return value === undefined ? null : whole(`limits.${name}`, value, 0)
  }
  return {
    pending: count('pending'),
    seats: count('seats'),
    bulk: count('bulk') ?? 50,
    resendCooldown: cooldown === undefined || cooldown === 0 ? null : time('limits.resendCooldown', cooldown),
    perRecipientPerDay: count('perRecipientPerDay'),
    perInviterPerDay: count('perInviterPerDay'),
    pendingHoldsSeat: holds,
  }
}

const limitNames = new Set<string>([
  'pending',
  'seats',
  'bulk',
  'resendCooldown',
  'perRecipientPerDay',
  'perInviterPerDay',
  'pendingHoldsSeat',
] satisfies (keyof Limits)[])

/** For commands that no limit stands against. */
export const unlimited: CheckedLimits = checkLimits({})

export function whole(name: string, value: unknown, min: number): number {
  const fits = typeof value === 'number' && Number.isSafeInteger(value) && value >= min
  return fits ? value : stop(`\`${name}\` must be a whole number from ${min}, or left out.`)
}

/** Of a timer: a longer one would end at once. */
export function timer(name: string, value: Duration): number {
  const ms = time(name, value)
  return ms < 2 ** 31 ? ms : stop(`\`${name}\` must be at most 24 days.`)
}

export function time(name: string, value: Duration): number {
  const ms = toMilliseconds(value)
  if (ms !== null && ms >= minDurationMs && ms <= maxDurationMs) return ms
  return stop(`\`${name}\` must be between 1 second and 10 years: milliseconds, or a text such as '7d'.`)
}
