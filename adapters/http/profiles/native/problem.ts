// Refusals of the native API: the status code of each, and its body, a problem document (RFC 9457).
import type { Reply } from '../../handler/message.ts'
import { type InputFlaw, type Problem, type ProblemCode, toInputFlaw, toPointer } from '../../handler/refusal.ts'

export const statuses = {
  malformed_request: 400,
  malformed_json: 400,
  invalid_query: 400,
  invalid_cursor: 400,
  unauthenticated: 401,
  forbidden: 403,
  role_not_grantable: 403,
  recipient_mismatch: 403,
  email_unverified: 403,
  inviter_unauthorized: 403,
  cross_site_request: 403,
  invite_not_found: 404,
  template_not_found: 404,
  not_found: 404,
  method_not_allowed: 405,
  request_timeout: 408,
  already_invited: 409,
  already_member: 409,
  invite_already_accepted: 409,
  not_declinable: 409,
  role_changed: 409,
  pending_limit_reached: 409,
  seat_limit_reached: 409,
  uses_exhausted: 409,
  template_in_use: 409,
  invite_expired: 410,
  invite_revoked: 410,
  invite_declined: 410,
  body_too_large: 413,
  unsupported_media_type: 415,
  invalid_input: 422,
  role_unknown: 422,
  bulk_too_large: 422,
  channel_unavailable: 422,
  template_invalid: 422,
  idempotency_mismatch: 422,
  resend_too_soon: 429,
  rate_limited: 429,
  internal: 500,
  not_migrated: 503,
  unavailable: 503,
} as const satisfies { readonly [C in ProblemCode]: number }

type Status = (typeof statuses)[ProblemCode]

const titles: { readonly [S in Status]: string } = {
  400: 'Bad Request',
  401: 'Unauthorized',
  403: 'Forbidden',
  404: 'Not Found',
  405: 'Method Not Allowed',
  408: 'Request Timeout',
  409: 'Conflict',
  410: 'Gone',
  413: 'Content Too Large',
  415: 'Unsupported Media Type',
  422: 'Unprocessable Content',
  429: 'Too Many Requests',
  500: 'Internal Server Error',
  503: 'Service Unavailable',
}

/** The refusal as an answer. Of an internal error the client learns the code alone. */
export function problemReply({ code, detail, facts, errors, headers }: Problem, requestId: string): Reply {
  const status: Status = statuses[code]
  const shown = { ...(detail === undefined ? {} : { detail }), ...facts, ...(errors ? { errors: errors.map(toPointed) } : {}) }
  return {
    status,
    body: { code, title: titles[status], status, ...(status === 500 ? {} : shown), requestId },
    headers: {
      'content-type': 'application/problem+json',
      ...(status === 401 ? { 'www-authenticate': 'Bearer realm="invites"' } : {}),
      ...(status === 429 && facts && 'retryAfter' in facts ? { 'retry-after': String(facts.retryAfter) } : {}),
      ...headers,
    },
  }
}

const toPointed = ({ path, detail }: InputFlaw) => ({ pointer: toPointer(path), detail })

/** What the library says of one item of a bulk, with JSON pointers where it has paths. */
export function toWireError<E extends object>(error: E): object {
  if (!('errors' in error) || !Array.isArray(error.errors)) return error
  const flaws: readonly { readonly path: string; readonly detail: string }[] = error.errors
  return { ...error, errors: flaws.map(flaw => toPointed(toInputFlaw(flaw))) }
}
