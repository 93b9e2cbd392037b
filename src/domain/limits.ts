// Limits: numbers of the host's, checked against the facts of one organization. 0 is a limit, absent is none.
import type { Duration } from './duration.ts'
import type { Send } from './event.ts'
import { type Rejected, reject } from './rejection.ts'
import type { DailyCount, OrganizationState } from './state.ts'

export interface Limits {
  /** Live pending invites of one organization. */
  readonly pending?: number | undefined
  /** Members of one organization. */
  readonly seats?: number | undefined
  /** Invites in one `createMany`. Default 50. */
  readonly bulk?: number | undefined
  /** Shortest time between two sends of one invite: milliseconds or `'10m'`. */
  readonly resendCooldown?: Duration | undefined
  /** Sends to one address in 24 hours, over all organizations: a brake against abuse. */
  readonly perRecipientPerDay?: number | undefined
  /** Invites and resends by one inviter in 24 hours, in one organization. */
  readonly perInviterPerDay?: number | undefined
  /** Whether a pending invite holds a seat. Default false. */
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

const day = 86_400_000

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
  // A seat that an invite holds is its invitee's, also when the limit has sunk below what is held.
  const held = pendingHoldsSeat && released === 0 ? state.pending : 0
  return state.seats + held >= seats ? reject('seat_limit_reached', { limit: seats }) : null
}

/** May this inviter make or resend one more today? */
export function refuseInviter(state: OrganizationState, limits: CheckedLimits, inviterId: string | null): Rejected | null {
  const limit = limits.perInviterPerDay
  if (limit === null || inviterId === null) return null
  return overCap(state.createdToday.get(inviterId), limit, state.now)
}

/** May each of these messages go out today? */
export function refuseSends(state: OrganizationState, limits: CheckedLimits, sends: readonly Send[]): Rejected | null {
  const limit = limits.perRecipientPerDay
  if (limit === null) return null
  for (const { addressHash } of sends) {
    const over = overCap(state.sentToday.get(addressHash), limit, state.now)
    if (over) return over
  }
  return null
}

function overCap(tally: DailyCount | undefined, limit: number, now: Date): Rejected | null {
  if ((tally?.count ?? 0) < limit) return null
  const free = tally === undefined ? day : tally.oldest.getTime() + day - now.getTime()
  return reject('rate_limited', { limit, retryAfter: Math.max(1, Math.ceil(free / 1000)) })
}

/** Null, or how long to wait until this invite may be sent again. */
export function refuseHaste(sentAt: Date | null, limits: CheckedLimits, now: Date): Rejected | null {
  if (limits.resendCooldown === null || sentAt === null) return null
  const wait = sentAt.getTime() + limits.resendCooldown - now.getTime()
  return wait > 0 ? reject('resend_too_soon', { retryAfter: Math.ceil(wait / 1000) }) : null
}
