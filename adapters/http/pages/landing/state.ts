// The states of the landing page: which one an invite and its visitor are in, and with which status it is answered.
import type { Actor, InviteError, Preview, RejectionCode } from '../../../../src/core.ts'

/**
 * `asked`, `said_no` and `joined` are answers to a form, `trouble` stands for every refusal without a page of its own; the
 * others can be met by opening the link.
 */
export type State =
  | 'signed_out'
  | 'ready'
  | 'mismatch'
  | 'unverified'
  | 'expired'
  | 'asked'
  | 'declined'
  | 'said_no'
  | 'accepted'
  | 'joined'
  | 'already_member'
  | 'full'
  | 'exhausted'
  | 'unauthorized'
  | 'unknown'
  | 'busy'
  | 'trouble'

/** Of the page: while the invite lives and the visitor can still mend what is missing, 200. */
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

/** What the visitor sees of the invite. */
export type Seen = Preview<string>

/** What a visitor meets who opens the link. A revoked invite is worded as expired. */
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
  // The page is shown anew, with the role of now.
  role_changed: 'ready',
  not_declinable: 'ready',
}

/** Which page tells of a refusal; null when none does. */
export const stateOfError = ({ code }: InviteError): State | null => states[code] ?? null
