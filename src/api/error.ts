// `InviteError`, the only error class of this library: a stable code, the facts that belong to it, and the cause.
import type { Flaw, Rejection, RejectionCode, RejectionFacts } from '../domain/rejection.ts'

const brand = Symbol.for('invitekit.error')

type FactsOf<C extends RejectionCode> = C extends RejectionCode ? { readonly code: C } & RejectionFacts[C] : never

/**
 * Thrown by every call that refuses. `code` is stable (the message is not), and `facts` holds what a caller needs:
 * `error.facts.code === 'already_invited'` narrows to `error.facts.existingId`.
 */
export class InviteError extends Error {
  override readonly name = 'InviteError'
  /** Why the call was refused. */
  readonly code: RejectionCode
  /** The code again, with its details: `existingId`, `limit`, `retryAfter` (seconds), `errors`. */
  readonly facts: Rejection
  readonly [brand] = true

  constructor(facts: Rejection, message?: string, cause?: unknown) {
    super(message ?? sentence(facts), cause === undefined ? undefined : { cause })
    this.code = facts.code
    this.facts = facts
  }
}

/** Recognises an `InviteError` by a symbol, so that it works across duplicate copies of this package. */
export const isInviteError = (error: unknown): error is InviteError =>
  typeof error === 'object' && error !== null && (error as { [brand]?: unknown })[brand] === true

/** An `InviteError` to throw: `throw fail('unavailable', {}, 'the database does not answer', cause)`. */
export const fail = <C extends RejectionCode>(code: C, facts: RejectionFacts[C], message?: string, cause?: unknown) =>
  new InviteError({ code, ...facts } as unknown as FactsOf<C> & Rejection, message, cause)

/** An `invalid_input` to throw, with everything that is wrong. */
export const invalid = (errors: readonly Flaw[]): InviteError => fail('invalid_input', { errors })

const sentences: { readonly [C in RejectionCode]: string } = {
  invite_not_found: 'There is no such invite.',
  invite_expired: 'This invite has expired.',
  invite_revoked: 'This invite was revoked.',
  invite_declined: 'This invite was declined.',
  invite_already_accepted: 'This invite was accepted already.',
  uses_exhausted: 'This invite has been used as often as it may be.',
  not_declinable: 'An open invite is for anybody: it cannot be declined.',
  already_invited: 'A pending invite holds this address.',
  already_member: 'This person is a member already.',
  role_unknown: 'There is no such role.',
  role_not_grantable: 'You may not grant this role.',
  forbidden: 'You may not do this.',
  unauthenticated: 'Sign in first.',
  recipient_mismatch: 'This invite is for somebody else.',
  email_unverified: 'Verify your e-mail address first.',
  role_changed: 'The role of this invite has changed.',
  inviter_unauthorized: 'Whoever made this invite may no longer grant its role.',
  pending_limit_reached: 'The organization has as many pending invites as it may have.',
  seat_limit_reached: 'The organization has no seat left.',
  bulk_too_large: 'Too many invites in one call.',
  resend_too_soon: 'This invite was sent a moment ago.',
  rate_limited: 'Too many in a short time.',
  invalid_input: 'The input is not valid.',
  invalid_cursor: 'This cursor is not one of this list.',
  template_not_found: 'There is no such template.',
  template_invalid: 'The template is not valid.',
  template_in_use: 'The template is in use.',
  channel_unavailable: 'The invite cannot be sent on this channel.',
  idempotency_mismatch: 'This idempotency key was used with another input.',
  cross_site_request: 'The request came from another site.',
  not_migrated: 'The database tables are missing or behind: run `await invites.migrate()`.',
  unavailable: 'The service cannot answer now; try again.',
}

function sentence(facts: Rejection): string {
  if (facts.code !== 'invalid_input' && facts.code !== 'template_invalid') return sentences[facts.code]
  return `${sentences[facts.code]} ${facts.errors.map(({ path, detail }) => `${path || 'input'} ${detail}`).join('; ')}`
}
