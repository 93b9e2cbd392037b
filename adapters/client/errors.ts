// Turns a problem document (RFC 9457) back into the error that the same call throws in process.
import { fail, InviteError, type Rejection } from '../../src/core.ts'
import { reviveDates } from './dates.ts'

/** Codes that only HTTP has: no call in process can fail with them. */
const httpOnly = new Set([
  'malformed_json',
  'malformed_request',
  'not_found',
  'method_not_allowed',
  'request_timeout',
  'body_too_large',
  'unsupported_media_type',
  'internal',
])

/** A response that is no problem document of invitekit becomes `unavailable`, with the response as its cause. */
export function toError(status: number, text: string): InviteError {
  const problem = parseObject(text)
  const { code } = problem
  if (typeof code !== 'string' || httpOnly.has(code)) {
    return fail('unavailable', {}, `The server answered ${status}${typeof code === 'string' ? ` (${code})` : ''}.`, {
      status,
      text,
    })
  }
  const { title, status: _, detail, requestId, errors, ...facts } = problem
  const flaws = Array.isArray(errors) ? { errors: errors.map(toFlaw) } : {}
  const rejection = { ...facts, ...flaws, code: code === 'invalid_query' ? 'invalid_input' : code }
  return new InviteError(toRejection(rejection), typeof detail === 'string' ? detail : undefined, { requestId })
}

// A newer server may have codes that this client does not know. They are passed on unchanged.
function toRejection(facts: object): Rejection {
  const rejection = JSON.parse(JSON.stringify(facts))
  reviveDates(rejection)
  return rejection
}

function parseObject(text: string): Readonly<Record<string, unknown>> {
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
