// Refusals on their way to an answer: those that only HTTP knows, and those of the library, in one form. A profile gives them
// their status code and their body.
import { isInviteError, type RejectionCode } from '../../../src/core.ts'

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

/** One thing that is wrong with the input. */
export interface InputFlaw {
  /** From the outside in: `['invites', 1, 'role']`. Empty for the input as a whole. */
  readonly path: readonly PropertyKey[]
  readonly detail: string
}

/** Why a request is refused, before a profile turns it into an answer. */
export interface Problem {
  readonly code: ProblemCode
  readonly detail?: string
  /** What else a client needs: `existingId`, `limit`, `retryAfter`, … */
  readonly facts?: object
  /** Every flaw of the input, for `invalid_input`, `invalid_query` and `template_invalid`. */
  readonly errors?: readonly InputFlaw[]
  /** Headers of the answer, such as `allow`. */
  readonly headers?: Readonly<Record<string, string>>
}

const problemKey = Symbol('invitekit.problem')

/** An error to throw on the way to an answer: `throw refuse({ code: 'malformed_json' })`. */
export const refuse = (problem: Problem): Error => Object.assign(new Error(problem.code), { [problemKey]: problem })

const isRefusal = (error: unknown): error is { readonly [problemKey]: Problem } =>
  typeof error === 'object' && error !== null && problemKey in error

/** The refusal that an error stands for. Null when the error is neither from `refuse` nor an `InviteError`. */
export function toProblem(error: unknown): Problem | null {
  if (isRefusal(error)) return error[problemKey]
  if (!isInviteError(error)) return null
  const { code, ...facts } = error.facts
  if (!('errors' in facts)) return { code, detail: error.message, facts }
  const { errors, ...others } = facts
  return { code, detail: error.message, facts: others, errors: errors.map(toInputFlaw) }
}

/** A flaw as the library names it, with its path in parts: `invites.1.role` → `['invites', '1', 'role']`. */
export const toInputFlaw = ({ path, detail }: { readonly path: string; readonly detail: string }): InputFlaw => ({
  path: path === '' ? [] : path.split('.'),
  detail,
})

/** A path as a JSON pointer (RFC 6901): `['recipient', 'email']` → `/recipient/email`. */
export const toPointer = (path: readonly PropertyKey[]): string =>
  path.map(part => `/${String(part).slice(0, 100).replaceAll('~', '~0').replaceAll('/', '~1')}`).join('')
