// The host's limits, checked against the state of one organization. 0 allows none, absent is no limit.
import type { Duration } from './duration.ts'
import type { Send } from './event.ts'
import { type Rejected, reject } from './rejection.ts'
import type { DailyCount, OrganizationState } from './state.ts'

export interface Limits {
  /** Invites of one organization that are pending and not expired. Default: no limit. */
  readonly pending?: number | undefined
  /** Members of one organization. Default: no limit. */
  readonly seats?: number | undefined
  /** Invites in one `createMany`. Default 50. */
  readonly bulk?: number | undefined
  /** Shortest time between two sends of one invite: milliseconds or `'10m'`. Default: none. */
  readonly resendCooldown?: Duration | undefined
  /**
   * Sends to one address in 24 hours, counted over all organizations, against abuse. Commits in flight may overshoot it.
   * Default: no limit.
   */
  readonly perRecipientPerDay?: number | undefined
  /** Invites and resends by one inviter in 24 hours, in one organization. Default: no limit. */
  readonly perInviterPerDay?: number | undefined
  /** Whether a pending invite counts as a seat taken. Default `false`. */
  readonly pendingHoldsSeat?: boolean | undefined
}

/** Limits after checking: durations in milliseconds. */
export interface CheckedLimits {
  readonly pending: number | null
  readonly seats: number | null
  readonly bulk: number
  readonly resendCooldown: number | null
  readonly perRecipientPerDay: number | null
  readonly perInviterPerDay: number | null
  readonly pendingHoldsSeat: boolean
}

const dayMs = 86_400_000

/** May one more invite become pending? */
export function refusePending(state: OrganizationState, limits: CheckedLimits): Rejected | null {
  if (limits.pending !== null && state.pending >= limits.pending) {
    return reject('pending_limit_reached', { limit: limits.pending })
  }
  if (limits.pendingHoldsSeat && limits.seats !== null && state.seats + state.pending >= limits.seats) {
    return reject('seat_limit_reached', { limit: limits.seats })
  }
  return null
}

/** May one more person become a member? `released` is how many pending invites this one brings to an end. */
export function refuseSeat(state: OrganizationState, limits: CheckedLimits, released: 0 | 1): Rejected | null {
  const { seats, pendingHoldsSeat } = limits
  if (seats === null) return null
  // The seat that a pending invite holds is for its invitee, even if the limit was lowered below the seats held.
  const heldSeats = pendingHoldsSeat && released === 0 ? state.pending : 0
  return state.seats + heldSeats >= seats ? reject('seat_limit_reached', { limit: seats }) : null
}

/** May this inviter make or resend one more today? */
export function refuseInviter(state: OrganizationState, limits: CheckedLimits, inviterId: string | null): Rejected | null {
  const limit = limits.perInviterPerDay
  if (limit === null || inviterId === null) return null
  return refuseOver(state.createdToday.get(inviterId), limit, state.now)
}

/** May each of these messages go out today? */
export function refuseSends(state: OrganizationState, limits: CheckedLimits, sends: readonly Send[]): Rejected | null {
  const limit = limits.perRecipientPerDay
  if (limit === null) return null
  for (const { addressHash } of sends) {
    const over = refuseOver(state.sentToday.get(addressHash), limit, state.now)
    if (over) return over
  }
  return null
}

/** `retryAfter`: until the oldest of the counted ones is 24 hours old. */
function refuseOver(today: DailyCount | undefined, limit: number, now: Date): Rejected | null {
  if ((today?.count ?? 0) < limit) return null
  const freeInMs = today === undefined ? dayMs : today.oldest.getTime() + dayMs - now.getTime()
  return reject('rate_limited', { limit, retryAfter: Math.max(1, Math.ceil(freeInMs / 1000)) })
}

/** Is the last send of this invite longer ago than the cooldown? */
export function refuseResendTooSoon(sentAt: Date | null, limits: CheckedLimits, now: Date): Rejected | null {
  if (limits.resendCooldown === null || sentAt === null) return null
  const waitMs = sentAt.getTime() + limits.resendCooldown - now.getTime()
  return waitMs > 0 ? reject('resend_too_soon', { retryAfter: Math.ceil(waitMs / 1000) }) : null
}
