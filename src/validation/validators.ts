// Validators that turn unknown input into typed values and collect what is wrong with it. No schema library is used here,
// because loading one would slow down the main entry.

import { invalid } from '../api/error.ts'
import { maxDurationMs, minDurationMs, toMilliseconds } from '../domain/duration.ts'
import type { JsonObject } from '../domain/invite.ts'
import type { Flaw } from '../domain/rejection.ts'

/** Reads one value. Mistakes are added to `flaws`; if there are any, the result must not be used. */
export type Check<T> = (value: unknown, path: string, flaws: Flaw[]) => T

export type Checked<C> = C extends Check<infer T> ? T : never

/** The checked value. Throws `invalid_input` with every mistake. `path` names the value if it is a part of the input. */
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

/** The fields of an input type, each with its check. A field without a check, or an unknown field, does not compile. */
export type Shape<Input> = { readonly [K in FieldOf<Input>]: Check<unknown> }

/** Of a union: the fields of all its members. */
type FieldOf<T> = T extends unknown ? keyof T : never

/** An object with these fields and no other. */
export const object =
  <S extends Record<string, Check<unknown>>>(shape: S): Check<{ [K in keyof S]: Checked<S[K]> }> =>
  (value, path, flaws) => {
    // A Date or a Map has no own fields, so that it would pass as an empty object.
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

/** No check: the caller checks the value itself, with its own messages. */
export const anything: Check<unknown> = value => value

/** An absent value becomes `absent`. */
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

/** A string of 1 to `max` characters that every database and mail can hold; a single line unless `lines`. */
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

/** A single line of up to `max` characters, trimmed; absent, blank and null become null. */
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

/** A duration from 1 second to 10 years, in milliseconds. */
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

/** Whether the day exists: `Date` reads the 30th of February as the 2nd of March. */
const isDay = (day: string): boolean => new Date(`${day}T00:00:00Z`).getUTCDate() === Number(day.slice(8))

/** A valid `Date`, or an ISO 8601 text with a time zone. */
export const moment: Check<Date> = (value, path, flaws) => {
  const iso = typeof value === 'string' && isoTime.test(value) && isDay(value.slice(0, 10))
  const date = value instanceof Date ? value : new Date(iso ? value : Number.NaN)
  const year = date.getUTCFullYear()
  // The years that every database can store.
  return year >= 1 && year <= 9999 ? date : wrong(flaws, path, 'must be a date of the years 1 to 9999')
}

const maxJsonCharacters = 16_384

/** A JSON object with at most 20 levels, which a database returns unchanged. */
export const jsonObject: Check<JsonObject> = (value, path, flaws) => {
  if (!isRecord(value)) return wrong(flaws, path, 'must be an object')
  const flaw = jsonFlaw(value, path, { depth: 0, seen: { count: 0, root: path } })
  if (flaw) return wrong(flaws, flaw.path, flaw.detail)
  const json = JSON.stringify(value)
  return json.length > maxJsonCharacters
    ? wrong(flaws, path, `must have at most ${maxJsonCharacters} characters`)
    : JSON.parse(json)
}

const isStorable = (value: string) => value.isWellFormed() && !value.includes('\u0000')

interface Walk {
  readonly depth: number
  readonly seen: { count: number; readonly root: string }
}

/** The first part that is not JSON, or that a database would refuse or change. */
function jsonFlaw(value: unknown, path: string, { depth, seen }: Walk): Flaw | null {
  seen.count += 1
  // The same object may occur in many places, so that a small value becomes a huge text.
  if (seen.count > maxJsonCharacters) return { path: seen.root, detail: `must have at most ${maxJsonCharacters} characters` }
  if (depth > 20) return { path: path.split('.').slice(0, 3).join('.'), detail: 'is nested too deeply' }
  if (value === null || value === undefined || typeof value === 'boolean') return null
  if (typeof value === 'string') return isStorable(value) ? null : { path, detail: 'has a character that cannot be stored' }
  if (typeof value === 'number') return Number.isFinite(value) ? null : { path, detail: 'is not a number of JSON' }
  if (typeof value !== 'object' || (!Array.isArray(value) && !isPlain(value))) return { path, detail: 'is not JSON' }
  if (Array.isArray(value) && value.length > maxJsonCharacters)
    return { path, detail: `must have at most ${maxJsonCharacters} characters` }
  for (const [key, item] of Object.entries(value)) {
    if (!isStorable(key)) return { path, detail: 'has a key that cannot be stored' }
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
