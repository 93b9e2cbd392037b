// Validates bodies and queries against their schemas. A refusal names every flaw and where it is.
import { z } from 'zod'
import { type InputFlaw, refuse } from './refusal.ts'

/** Of a body or query that has no fields. */
export const nothing = z.strictObject({})

/** Listed in one refusal. */
const maxFlaws = 50
/** Checked before the schema, which validates every item before it counts them. No bulk limit is likely to be higher. */
const maxItems = 10_000

/** The body as its schema types it, or `invalid_input`. */
export function checkBody<S extends z.ZodType>(schema: S, value: unknown): z.output<S> {
  // Only of objects: `Object.entries` of a text has one entry for each character.
  const fields = typeof value === 'object' && value !== null && !Array.isArray(value) ? Object.entries(value) : []
  for (const [key, list] of fields)
    if (Array.isArray(list) && list.length > maxItems) {
      const errors = [{ path: [key], detail: `must have at most ${maxItems} items` }]
      throw refuse({ code: 'invalid_input', detail: 'The body is not valid.', errors })
    }
  const result = schema.safeParse(value)
  if (result.success) return result.data
  const errors = result.error.issues.flatMap(issue => flawsOf(issue)).slice(0, maxFlaws)
  throw refuse({ code: 'invalid_input', detail: 'The body is not valid.', errors })
}

/** The query as its schema types it, or `invalid_query`. Each key at most once; lists are separated by commas. */
export function checkQuery<S extends z.ZodObject>(schema: S, query: URLSearchParams): z.output<S> {
  // A map, because looking up each of some thousand keys in `query` itself would take a second.
  const texts = new Map<string, string>()
  const repeated = [...query].flatMap(([key, text]) => {
    if (texts.has(key)) return [key]
    texts.set(key, text)
    return []
  })
  const unstorable = [...texts].flatMap(([key, text]) => (/[\0\ufffd]/.test(text) ? [key] : []))
  const raw = [...texts].map(([key, text]) => [key, toFieldType(schema, key, text)])
  const result = schema.safeParse(Object.fromEntries(raw))
  const errors = [
    ...repeated.map(key => ({ path: [key], detail: 'is given more than once' })),
    ...unstorable.map(key => ({ path: [key], detail: 'has a character that cannot be stored' })),
    ...(result.success ? [] : result.error.issues.flatMap(issue => flawsOf(issue))),
  ].slice(0, maxFlaws)
  if (result.success && errors.length === 0) return result.data
  throw refuse({ code: 'invalid_query', detail: 'The query is not valid.', errors })
}

/** A query holds only texts; numbers and lists are parsed where the schema asks for them. */
function toFieldType(schema: z.ZodObject, key: string, text: string): unknown {
  const field = Object.hasOwn(schema.shape, key) ? schema.shape[key] : undefined
  const inner = field instanceof z.ZodOptional ? field.unwrap() : field
  if (inner instanceof z.ZodNumber) return /^-?\d{1,15}$/.test(text) ? Number(text) : text
  return inner instanceof z.ZodArray ? text.split(',') : text
}

/** Of a union, the flaws of the branch with the fewest. */
function flawsOf(issue: z.core.$ZodIssue, parent: readonly PropertyKey[] = []): InputFlaw[] {
  const path = [...parent, ...issue.path]
  if (issue.code === 'unrecognized_keys') {
    return issue.keys.map(key => ({ path: [...path, key], detail: 'is not a known field' }))
  }
  if (issue.code === 'invalid_union' && issue.errors.length > 0) {
    const [closest = []] = [...issue.errors].sort((a, b) => a.length - b.length)
    return closest.flatMap(each => flawsOf(each, path))
  }
  return [{ path, detail: issue.message }]
}
