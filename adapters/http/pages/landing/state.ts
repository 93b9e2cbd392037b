// The states of the landing page: which one an invite and its visitor are in, and the HTTP status of each.
import type { Actor, InviteError, Preview, RejectionCode } from '../../../../src/core.ts'
import type { State } from '../locales/sentences.ts'

/** HTTP status by state: 200 while the invite is live and the visitor can still do what is missing. */
export const statusOf: Readonly<Record<State, number>> = {
  signed_out: 200,
  ready: 200,
  mismatch: 200,
  unverified: 200,
  expired: 410,
  asked: 200,
  declined: 410,
  said_no: 200,
  accepted: 409,
  joined: 200,
  already_member: 409,
  full: 409,
  exhausted: 409,
  unauthorized: 409,
  unknown: 404,
  busy: 429,
  trouble: 500,
}

/** The invite as the visitor may see it. */
export type Seen = Preview<string>

/** The state for somebody who opens the link. A revoked invite is shown as expired. */
export function stateOf(seen: Seen, actor: Actor | null): State {
  switch (seen.status) {
    case 'pending':
      if (actor === null) return 'signed_out'
      return seen.match === 'mismatch' || seen.match === 'unverified' ? seen.match : 'ready'
    case 'expired':
    case 'revoked':
      return 'expired'
    case 'declined':
      return 'declined'
    case 'accepted':
      return seen.kind === 'open' ? 'exhausted' : 'accepted'
    default:
      return seen.status satisfies never
  }
}

const states: Partial<Readonly<Record<RejectionCode, State>>> = {
  invite_not_found: 'unknown',
  invite_expired: 'expired',
  invite_revoked: 'expired',
  invite_declined: 'declined',
  invite_already_accepted: 'accepted',
  uses_exhausted: 'exhausted',
  already_member: 'already_member',
  recipient_mismatch: 'mismatch',
  email_unverified: 'unverified',
  unauthenticated: 'signed_out',
  seat_limit_reached: 'full',
  inviter_unauthorized: 'unauthorized',
  rate_limited: 'busy',
  resend_too_soon: 'busy',
  // The page is shown again, with the current role.
  role_changed: 'ready',
  not_declinable: 'ready',
}

/** The state that a refusal is shown as. Null when there is none. */
export const stateOfError = ({ code }: InviteError): State | null => states[code] ?? null
