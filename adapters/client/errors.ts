// From a problem document back to the error that the call would have thrown in process.
import { fail, InviteError, type Rejection } from '../../src/core.ts'
import { reviveDates } from './dates.ts'

/** What only HTTP can refuse: the caller did nothing that an in-process call could have done wrong. */
const wireOnly = new Set([
  'malformed_json',
  'malformed_request',
  'not_found',
  'method_not_allowed',
  'request_timeout',
  'body_too_large',
  'unsupported_media_type',
  'internal',
])

/** Always an `InviteError`; what is no problem of ours is `unavailable`, with the answer as its cause. */
export function toError(status: number, text: string): InviteError {
  const problem = parsed(text)
  const { code } = problem
  if (typeof code !== 'string' || wireOnly.has(code)) {
    return fail('unavailable', {}, `The server answered ${status}${typeof code === 'string' ? ` (${code})` : ''}.`, {
      status,
      text,
    })
  }
  const { title, status: _, detail, requestId, errors, ...facts } = problem
  const flaws = Array.isArray(errors) ? { errors: errors.map(toFlaw) } : {}
  const known = { ...facts, ...flaws, code: code === 'invalid_query' ? 'invalid_input' : code }
  return new InviteError(toRejection(known), typeof detail === 'string' ? detail : undefined, { requestId })
}

// A newer server may know codes that this client does not: they come through as they are.
function toRejection(facts: object): Rejection {
  const rejection = JSON.parse(JSON.stringify(facts))
  reviveDates(rejection)
  return rejection
}

function parsed(text: string): Readonly<Record<string, unknown>> {
  try {
    const value: unknown = JSON.parse(text)
    return typeof value === 'object' && value !== null ? { ...value } : {}
  } catch {
    return {}
  }
}

/** `/recipient/email` → `recipient.email`. */
const toFlaw = ({ pointer, detail }: { readonly pointer?: unknown; readonly detail?: unknown }) => ({
  path: String(pointer ?? '')
    .split('/')
    .slice(1)
    .map(part => part.replaceAll('~1', '/').replaceAll('~0', '~'))
    .join('.'),
  detail: String(detail ?? ''),
})
