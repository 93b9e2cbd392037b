// Rejection codes: the closed list of reasons to refuse a call, each with the facts that a caller needs.

/** One mistake in an input. `path` is the field (`recipient.email`, `invites.3.role`), `detail` says what is wrong with it. */
export interface Flaw {
  readonly path: string
  readonly detail: string
}

export interface RejectionFacts {
  invite_not_found: object
  invite_expired: { readonly expiresAt: Date }
  invite_revoked: object
  invite_declined: object
  invite_already_accepted: object
  uses_exhausted: { readonly limit: number }
  not_declinable: object
  already_invited: { readonly existingId: string }
  already_member: object
  role_unknown: { readonly role: string; readonly roles: readonly string[] }
  role_not_grantable: { readonly role: string }
  forbidden: object
  unauthenticated: object
  /** `recipient` is the address of the invite, masked. */
  recipient_mismatch: { readonly recipient: string }
  email_unverified: { readonly recipient: string }
  role_changed: { readonly role: string }
  inviter_unauthorized: object
  pending_limit_reached: { readonly limit: number }
  seat_limit_reached: { readonly limit: number }
  bulk_too_large: { readonly limit: number }
  /** `retryAfter` is in whole seconds. */
  resend_too_soon: { readonly retryAfter: number }
  rate_limited: { readonly retryAfter: number; readonly limit: number }
  invalid_input: { readonly errors: readonly Flaw[] }
  invalid_cursor: object
  template_not_found: object
  template_invalid: { readonly errors: readonly Flaw[] }
  template_in_use: object
  channel_unavailable: { readonly channel: string }
  idempotency_mismatch: object
  cross_site_request: object
  not_migrated: object
  unavailable: object
}

export type RejectionCode = keyof RejectionFacts
export type Rejection = { [C in RejectionCode]: { readonly code: C } & RejectionFacts[C] }[RejectionCode]

/** `reject('already_invited', { existingId })`: a value, not a throw. */
export const reject = <C extends RejectionCode>(code: C, facts: RejectionFacts[C]): Rejected =>
  ({ ok: false, rejection: { code, ...facts } }) as unknown as Rejected

export interface Rejected {
  readonly ok: false
  readonly rejection: Rejection
}
