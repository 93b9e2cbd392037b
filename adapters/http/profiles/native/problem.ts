// What goes wrong, as the wire says it: the only status codes of the API, and RFC 9457 problem documents.
import { isInviteError, type RejectionCode } from '../../../../src/core.ts'
import type { Reply } from '../../handler/message.ts'

/** Refusals that only HTTP knows. */
type WireCode =
  | 'malformed_request'
  | 'malformed_json'
  | 'invalid_query'
  | 'not_found'
  | 'method_not_allowed'
  | 'request_timeout'
  | 'body_too_large'
  | 'unsupported_media_type'
  | 'internal'

export type ProblemCode = WireCode | RejectionCode

/** One thing that is wrong with the input, at a JSON pointer (RFC 6901). */
export interface InputFlaw {
  readonly pointer: string
  readonly detail: string
}

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

export interface Problem {
  readonly code: ProblemCode
  readonly detail?: string
  /** What a caller needs besides: `existingId`, `limit`, `retryAfter`, `errors`, … */
  readonly facts?: object
  readonly headers?: Readonly<Record<string, string>>
}

const mark = Symbol('invitekit.problem')

/** An error to throw on the way to an answer: `throw refuse({ code: 'malformed_json' })`. */
export const refuse = (problem: Problem): Error => Object.assign(new Error(problem.code), { [mark]: problem })

const isRefusal = (error: unknown): error is { readonly [mark]: Problem } =>
  typeof error === 'object' && error !== null && mark in error

/** What an error means to the caller; null when it is none of ours. */
export function toProblem(error: unknown): Problem | null {
  if (isRefusal(error)) return error[mark]
  if (!isInviteError(error)) return null
  const { code, ...facts } = error.facts
  return { code, detail: error.message, facts: toWireFacts(facts) }
}

/** The problem as an answer. What is wrong on our side is told by its code alone. */
export function problemReply({ code, detail, facts, headers }: Problem, requestId: string): Reply {
  const status: Status = statuses[code]
  const told = status === 500 ? {} : { ...(detail === undefined ? {} : { detail }), ...facts }
  return {
    status,
    body: { code, title: titles[status], status, ...told, requestId },
    headers: {
      'content-type': 'application/problem+json',
      ...(status === 401 ? { 'www-authenticate': 'Bearer realm="invites"' } : {}),
      ...(status === 429 && facts && 'retryAfter' in facts ? { 'retry-after': String(facts.retryAfter) } : {}),
      ...headers,
    },
  }
}

/** The facts of a rejection with JSON pointers where the use cases have paths. */
export function toWireFacts(facts: object): object {
  if (!('errors' in facts) || !Array.isArray(facts.errors)) return facts
  const flaws: readonly { readonly path: string; readonly detail: string }[] = facts.errors
  return {
    ...facts,
    errors: flaws.map(({ path, detail }) => ({ pointer: toPointer(path === '' ? [] : path.split('.')), detail })),
  }
}

/** `['recipient', 'email']` → `/recipient/email`. */
export const toPointer = (path: readonly PropertyKey[]): string =>
  path.map(part => `/${String(part).slice(0, 100).replaceAll('~', '~0').replaceAll('/', '~1')}`).join('')
