// Small checks that turn unknown input into typed values, and say where it is wrong. No schema library: the main entry
// stays light, and the wire has its own schemas.

import { invalid } from '../api/error.ts'
import { maxDurationMs, minDurationMs, toMilliseconds } from '../domain/duration.ts'
import type { JsonObject } from '../domain/invite.ts'
import type { Flaw } from '../domain/rejection.ts'

/** Reads one value; what is wrong goes into `flaws`, and then the answer is not used. */
export type Check<T> = (value: unknown, path: string, flaws: Flaw[]) => T

export type Checked<C> = C extends Check<infer T> ? T : never

/** Throws `invalid_input` with every flaw found. `path`: where the value stands, when it is not the input as a whole. */
export function checked<T>(check: Check<T>, value: unknown, path = ''): T {
  const flaws: Flaw[] = []
  const result = check(value, path, flaws)
  if (flaws.length > 0) throw invalid(flaws)
  return result
}

const wrong = <T>(flaws: Flaw[], path: string, detail: string): T => {
  flaws.push({ path, detail })
  return undefined as T
}

const at = (path: string, key: string | number) => (path === '' ? String(key) : `${path}.${key}`)

export const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

type Given<T> = { [K in keyof T]?: Exclude<T[K], undefined> }

/** The object without its fields that are undefined. */
export const given = <T extends object>(fields: T): Given<T> =>
  Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as Given<T>

/** The fields of an input type, each with its check: a field that has none, or that the type does not know, does not compile. */
export type Shape<Input> = { readonly [K in FieldOf<Input>]: Check<unknown> }

/** Of a union: the fields of all its members. */
type FieldOf<T> = T extends unknown ? keyof T : never

/** An object with these fields and no other. */
export const object =
  <S extends Record<string, Check<unknown>>>(shape: S): Check<{ [K in keyof S]: Checked<S[K]> }> =>
  (value, path, flaws) => {
    // A Date or a Map has no fields of its own, and would pass for an empty object.
    if (!isRecord(value) || Object.prototype.toString.call(value) !== '[object Object]')
      return wrong(flaws, path, 'must be an object')
    for (const key of Object.keys(value)) {
      if (!Object.hasOwn(shape, key)) flaws.push({ path: at(path, key), detail: 'is not a known field' })
    }
    const result: Record<string, unknown> = {}
    for (const key in shape) {
      const own = Object.hasOwn(value, key) ? value[key] : undefined
      result[key] = shape[key]?.(own, at(path, key), flaws)
    }
    return result as { [K in keyof S]: Checked<S[K]> }
  }

/** Left as it is: whoever asked checks it, in words of its own. */
export const anything: Check<unknown> = value => value

/** Absent becomes the given value. */
export const optional =
  <T, D>(check: Check<T>, absent: D): Check<T | D> =>
  (value, path, flaws) =>
    value === undefined ? absent : check(value, path, flaws)

export const list =
  <T>(check: Check<T>): Check<T[]> =>
  (value, path, flaws) =>
    Array.isArray(value)
      ? value.map((item, index) => check(item, at(path, index), flaws))
      : wrong(flaws, path, 'must be a list')

// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
const control = /[\u0000-\u001f\u007f-\u009f\u2028\u2029]/
// biome-ignore lint/suspicious/noControlCharactersInRegex: tabs and line breaks are left in
const controlButLines = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f]/

/** A string of 1 to `max` characters that every database and mail can hold; one line unless `lines`. */
export const text =
  (max: number, { lines = false } = {}): Check<string> =>
  (value, path, flaws) => {
    if (typeof value !== 'string') return wrong(flaws, path, 'must be a string')
    if (value.length === 0) return wrong(flaws, path, 'must not be empty')
    if (value.length > max) return wrong(flaws, path, `must have at most ${max} characters`)
    if (!value.isWellFormed()) return wrong(flaws, path, 'has half a character in it')
    if ((lines ? controlButLines : control).test(value)) return wrong(flaws, path, 'has a control character in it')
    return value
  }

/** The same, trimmed; blank text and null become null. */
export const name =
  (max: number): Check<string | null> =>
  (value, path, flaws) => {
    if (value === null || value === undefined || (typeof value === 'string' && value.trim() === '')) return null
    const result = text(max)(value, path, flaws)
    return result === undefined ? null : result.trim()
  }

export const bool: Check<boolean> = (value, path, flaws) =>
  typeof value === 'boolean' ? value : wrong(flaws, path, 'must be true or false')

export const integer =
  (min: number, max: number): Check<number> =>
  (value, path, flaws) =>
    typeof value === 'number' && Number.isInteger(value) && value >= min && value <= max
      ? value
      : wrong(flaws, path, `must be a whole number from ${min} to ${max}`)

export const oneOf =
  <const T extends string>(...values: readonly T[]): Check<T> =>
  (value, path, flaws) =>
    values.find(each => each === value) ?? wrong(flaws, path, `must be one of ${values.join(', ')}`)

/** Milliseconds. */
export const duration: Check<number> = (value, path, flaws) => {
  const result = typeof value === 'number' || typeof value === 'string' ? toMilliseconds(value) : null
  if (result === null) return wrong(flaws, path, "must be milliseconds or a text such as '7d'")
  return result >= minDurationMs && result <= maxDurationMs
    ? result
    : wrong(flaws, path, 'must be between 1 second and 10 years')
}

export const orNull =
  <T>(check: Check<T>): Check<T | null> =>
  (value, path, flaws) =>
    value === null ? null : check(value, path, flaws)

const isoTime = /^\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d(\.\d+)?)?(Z|[+-]\d\d:\d\d)$/

/** `Date` takes the 30th of February for the 2nd of March. */
const isDay = (day: string): boolean => new Date(`${day}T00:00:00Z`).getUTCDate() === Number(day.slice(8))

/** A moment: a valid `Date`, or ISO 8601 text with its zone. */
export const moment: Check<Date> = (value, path, flaws) => {
  const iso = typeof value === 'string' && isoTime.test(value) && isDay(value.slice(0, 10))
  const date = value instanceof Date ? value : new Date(iso ? value : Number.NaN)
  const year = date.getUTCFullYear()
  // What every database can compare with.
  return year >= 1 && year <= 9999 ? date : wrong(flaws, path, 'must be a date of the years 1 to 9999')
}

/** Characters of a JSON object. */
const maxJsonBytes = 16_384

/** A JSON object of 20 levels at most: what a database gives back as it was. */
export const jsonObject: Check<JsonObject> = (value, path, flaws) => {
  if (!isRecord(value)) return wrong(flaws, path, 'must be an object')
  const flaw = jsonFlaw(value, path, { depth: 0, seen: { count: 0, root: path } })
  if (flaw) return wrong(flaws, flaw.path, flaw.detail)
  const written = JSON.stringify(value)
  return written.length > maxJsonBytes
    ? wrong(flaws, path, `must have at most ${maxJsonBytes} characters`)
    : JSON.parse(written)
}

const holdable = (value: string) => value.isWellFormed() && !value.includes('\u0000')

interface Walk {
  readonly depth: number
  readonly seen: { count: number; readonly root: string }
}

/** The first thing that is no JSON, or that a database would refuse or change. */
function jsonFlaw(value: unknown, path: string, { depth, seen }: Walk): Flaw | null {
  seen.count += 1
  // Parts may be the same object, so that a small value is a huge text.
  if (seen.count > maxJsonBytes) return { path: seen.root, detail: `must have at most ${maxJsonBytes} characters` }
  if (depth > 20) return { path: path.split('.').slice(0, 3).join('.'), detail: 'is nested too deeply' }
  if (value === null || value === undefined || typeof value === 'boolean') return null
  if (typeof value === 'string') return holdable(value) ? null : { path, detail: 'has a character that cannot be stored' }
  if (typeof value === 'number') return Number.isFinite(value) ? null : { path, detail: 'is not a number of JSON' }
  if (typeof value !== 'object' || (!Array.isArray(value) && !isPlain(value))) return { path, detail: 'is not JSON' }
  if (Array.isArray(value) && value.length > maxJsonBytes)
    return { path, detail: `must have at most ${maxJsonBytes} characters` }
  for (const [key, item] of Object.entries(value)) {
    if (!holdable(key)) return { path, detail: 'has a key that cannot be stored' }
    if (key === '__proto__') return { path, detail: 'has a key that is not allowed' }
    const flaw = jsonFlaw(item, at(path, key), { depth: depth + 1, seen })
    if (flaw) return flaw
  }
  return null
}

function isPlain(value: object): boolean {
  const proto = Object.getPrototypeOf(value)
  return proto === Object.prototype || proto === null
}
