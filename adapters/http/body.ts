// Reading a request's body: counted while it comes, given up when it is too much or too slow, and never trusted.
import { type InputFlaw, refuse, toPointer } from './problem.ts'

export interface BodyRules {
  /** Bytes. */
  readonly limit: number
  /** Milliseconds for the whole body. */
  readonly timeout: number
}

/** The JSON value of the body; an empty body is `{}`, whatever its type. */
export async function readJson(request: Request, rules: BodyRules): Promise<unknown> {
  const text = await readText(request, rules)
  if (text === '') return {}
  checkType(request, /^application\/(?:json|merge-patch\+json)$/, 'application/json')
  const value = parse(text)
  const flaws = flawsOf(value)
  if (flaws.length > 0) throw refuse({ code: 'invalid_input', detail: 'The body is not valid.', facts: { errors: flaws } })
  return value
}

/** The fields of an HTML form. */
export async function readForm(request: Request, rules: BodyRules): Promise<URLSearchParams> {
  const text = await readText(request, rules)
  if (text !== '') checkType(request, /^application\/x-www-form-urlencoded$/, 'application/x-www-form-urlencoded')
  return new URLSearchParams(text)
}

function checkType(request: Request, accepted: RegExp, name: string): void {
  const [type = '', ...parameters] = (request.headers.get('content-type') ?? '').toLowerCase().split(';')
  const charset = parameters.map(one => /^\s*charset\s*=\s*"?([^"\s]*)"?\s*$/.exec(one)?.[1]).find(one => one !== undefined)
  const coding = request.headers.get('content-encoding') ?? 'identity'
  if (accepted.test(type.trim()) && (charset ?? 'utf-8') === 'utf-8' && coding.toLowerCase() === 'identity') return
  throw refuse({ code: 'unsupported_media_type', detail: `The body must be ${name} in UTF-8, not compressed.` })
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    throw refuse({ code: 'malformed_json', detail: 'The body is not JSON.' })
  }
}

async function readText(request: Request, { limit, timeout }: BodyRules): Promise<string> {
  const tooLarge = () => refuse({ code: 'body_too_large', detail: `The body may have ${limit} bytes.`, facts: { limit } })
  if (request.body === null) return ''
  if (request.bodyUsed || request.body.locked) {
    throw new TypeError('invitekit: the body of this request was read before it came here; pass it unread, or read a clone.')
  }
  if (Number(request.headers.get('content-length')) > limit) {
    discard(request.body)
    throw tooLarge()
  }
  const reader: ReadableStreamDefaultReader<Uint8Array> = request.body.getReader()
  const late = deadline(timeout)
  const chunks: Uint8Array[] = []
  let size = 0
  try {
    for (;;) {
      const { done, value } = await Promise.race([reader.read(), late.passed])
      if (done) return decode(chunks)
      size += value.byteLength
      if (size > limit) throw tooLarge()
      chunks.push(value)
    }
  } catch (error) {
    reader.cancel().catch(() => {})
    throw request.signal.aborted ? refuse({ code: 'request_timeout', detail: 'The request was broken off.' }) : error
  } finally {
    late.clear()
  }
}

// Not awaited: a source that hangs may never confirm.
const discard = (body: ReadableStream<Uint8Array>) => void body.cancel().catch(() => {})

function deadline(ms: number) {
  let timer: ReturnType<typeof setTimeout> | undefined
  const passed = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(refuse({ code: 'request_timeout', detail: 'The body came too slowly.' })), ms)
  })
  passed.catch(() => {})
  return { passed, clear: () => clearTimeout(timer) }
}

function decode(chunks: readonly Uint8Array[]): string {
  const utf8 = new TextDecoder('utf-8', { fatal: true })
  try {
    return chunks.map(chunk => utf8.decode(chunk, { stream: true })).join('') + utf8.decode()
  } catch {
    throw refuse({ code: 'malformed_json', detail: 'The body is not UTF-8.' })
  }
}

const deepest = 32

/**
 * What no database, log or object should get to see. Looked for before any schema does, because schemas copy:
 * `__proto__` keys would vanish and deep nesting would overflow the stack.
 */
function flawsOf(value: unknown, path: readonly string[] = []): InputFlaw[] {
  const flaw = (detail: string) => [{ pointer: toPointer(path), detail }]
  if (typeof value === 'string') return isHoldable(value) ? [] : flaw('has a character that cannot be stored')
  if (typeof value !== 'object' || value === null) return []
  if (path.length >= deepest) return flaw('is nested too deeply')
  for (const [key, item] of Object.entries(value)) {
    if (key === '__proto__') return flaw('has a key that is not allowed')
    if (!isHoldable(key)) return flaw('has a key that cannot be stored')
    const flaws = flawsOf(item, [...path, key])
    if (flaws.length > 0) return flaws
  }
  return []
}

const isHoldable = (text: string) => !text.includes('\u0000') && text.isWellFormed()
