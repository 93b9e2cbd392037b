// Reading the body of a request: at most so many bytes in so much time, then its type, its encoding, and its JSON.
import type { Source } from './body-source.ts'
import type { Incoming } from './message.ts'
import { type InputFlaw, type Problem, refuse } from './refusal.ts'

export interface BodyRules {
  /** In bytes. */
  readonly limit: number
  /** For the whole body, in milliseconds. */
  readonly timeout: number
}

/** The JSON value of a body of one of the media types `accepts`. An empty body is `{}`, whatever its type. */
export async function readJson(request: Incoming, rules: BodyRules, accepts: readonly string[]): Promise<unknown> {
  const text = await readText(request, rules)
  if (text === '') return {}
  checkType(request, accepts)
  const value = parse(text)
  const flaw = flawOf(value)
  if (flaw === null) return value
  throw refuse({ code: 'invalid_input', detail: 'The body is not valid.', errors: [flaw] })
}

/** The bytes of the body, whatever its type. */
export async function readBytes(request: Incoming, rules: BodyRules): Promise<Uint8Array> {
  const { body } = request
  if (body === null) return new Uint8Array()
  try {
    return await collect(body, rules, Number(request.headers.get('content-length')))
  } catch (error) {
    throw request.signal.aborted ? refuse({ code: 'request_timeout', detail: 'The request was broken off.' }) : error
  }
}

/** The fields of an HTML form. */
export async function readForm(request: Incoming, rules: BodyRules): Promise<URLSearchParams> {
  const text = await readText(request, rules)
  if (text !== '') checkType(request, ['application/x-www-form-urlencoded'])
  return new URLSearchParams(text)
}

function checkType(request: Incoming, accepted: readonly string[]): void {
  const [type = '', ...parameters] = (request.headers.get('content-type') ?? '').toLowerCase().split(';')
  const charset = parameters.map(one => /^\s*charset\s*=\s*"?([^"\s]*)"?\s*$/.exec(one)?.[1]).find(one => one !== undefined)
  const coding = request.headers.get('content-encoding') ?? 'identity'
  if (accepted.includes(type.trim()) && (charset ?? 'utf-8') === 'utf-8' && coding.toLowerCase() === 'identity') return
  throw refuse({ code: 'unsupported_media_type', detail: `The body must be ${accepted[0]} in UTF-8, not compressed.` })
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    throw refuse({ code: 'malformed_json', detail: 'The body is not JSON.' })
  }
}

/** `announced`: the Content-Length, or 0 without one. A body that is too long by it is not read at all. */
function collect(body: Source, { limit, timeout }: BodyRules, announced: number): Promise<Uint8Array> {
  const tooLarge = { code: 'body_too_large', detail: `The body may have ${limit} bytes.`, facts: { limit } } as const
  const chunks: Uint8Array[] = []
  let size = 0
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => giveUp({ code: 'request_timeout', detail: 'The body came too slowly.' }), timeout)
    const fail = (error: unknown) => {
      clearTimeout(timer)
      reject(error)
    }
    const giveUp = (problem: Problem) => {
      body.stop()
      fail(refuse(problem))
    }
    const data = (chunk: Uint8Array) => {
      size += chunk.byteLength
      if (size > limit) giveUp(tooLarge)
      else chunks.push(chunk)
    }
    const end = () => {
      clearTimeout(timer)
      resolve(concat(chunks, size))
    }
    if (announced > limit) giveUp(tooLarge)
    else body.flow({ data, end, fail })
  })
}

function concat(chunks: readonly Uint8Array[], size: number): Uint8Array {
  const [first] = chunks
  if (first && chunks.length === 1) return first
  const all = new Uint8Array(size)
  let at = 0
  for (const chunk of chunks) {
    all.set(chunk, at)
    at += chunk.byteLength
  }
  return all
}

const utf8 = new TextDecoder('utf-8', { fatal: true })

async function readText(request: Incoming, rules: BodyRules): Promise<string> {
  const bytes = await readBytes(request, rules)
  try {
    return utf8.decode(bytes)
  } catch {
    throw refuse({ code: 'malformed_json', detail: 'The body is not UTF-8.' })
  }
}

const maxDepth = 32

/**
 * What no database or log should be given: `__proto__` keys, deep nesting, NUL and lone surrogates. Checked before the schemas,
 * because those copy: a `__proto__` key would vanish, and deep nesting would overflow the stack.
 */
function flawOf(value: unknown, depth = 0): InputFlaw | null {
  const flaw = (detail: string): InputFlaw => ({ path: [], detail })
  if (typeof value === 'string') return isStorable(value) ? null : flaw('has a character that cannot be stored')
  if (typeof value !== 'object' || value === null) return null
  if (depth >= maxDepth) return flaw('is nested too deeply')
  // By iterator where it is a list: an array of all entries could take more memory than the body itself.
  for (const [key, item] of Array.isArray(value) ? value.entries() : Object.entries(value)) {
    if (key === '__proto__') return flaw('has a key that is not allowed')
    if (typeof key === 'string' && !isStorable(key)) return flaw('has a key that cannot be stored')
    const inner = flawOf(item, depth + 1)
    if (inner) return { ...inner, path: [String(key), ...inner.path] }
  }
  return null
}

const isStorable = (text: string) => !text.includes('\u0000') && text.isWellFormed()
