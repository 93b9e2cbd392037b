// From raw input to typed input: queries and bodies against their schemas, with every flaw at its pointer.
import { z } from 'zod'
import { type InputFlaw, refuse } from './refusal.ts'

const maxFlaws = 50
/** More than any limit of a bulk is likely to be: a schema looks at every item before it counts them. */
const maxItems = 10_000

/** The body as its schema types it, or `invalid_input`. */
export function checkBody<S extends z.ZodType>(schema: S, value: unknown): z.output<S> {
  // Of an object alone: a text has an entry for each of its characters.
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
  // By a map: to ask `query` for each of some thousand keys would take a second.
  const texts = new Map<string, string>()
  const repeated = [...query].flatMap(([key, text]) => {
    if (texts.has(key)) return [key]
    texts.set(key, text)
    return []
  })
  const unholdable = [...texts].flatMap(([key, text]) => (/[\0\ufffd]/.test(text) ? [key] : []))
  const raw = [...texts].map(([key, text]) => [key, typed(schema, key, text)])
  const result = schema.safeParse(Object.fromEntries(raw))
  const errors = [
    ...repeated.map(key => ({ path: [key], detail: 'is given more than once' })),
    ...unholdable.map(key => ({ path: [key], detail: 'has a character that cannot be stored' })),
    ...(result.success ? [] : result.error.issues.flatMap(issue => flawsOf(issue))),
  ].slice(0, maxFlaws)
  if (result.success && errors.length === 0) return result.data
  throw refuse({ code: 'invalid_query', detail: 'The query is not valid.', errors })
}

/** A query knows only texts: numbers and lists are read where the schema wants them. */
function typed(schema: z.ZodObject, key: string, text: string): unknown {
  const field = Object.hasOwn(schema.shape, key) ? schema.shape[key] : undefined
  const inner = field instanceof z.ZodOptional ? field.unwrap() : field
  if (inner instanceof z.ZodNumber) return /^-?\d{1,15}$/.test(text) ? Number(text) : text
  return inner instanceof z.ZodArray ? text.split(',') : text
}

/** Of a union the branch that comes closest tells what is wrong. */
function flawsOf(issue: z.core.$ZodIssue, above: readonly PropertyKey[] = []): InputFlaw[] {
  const path = [...above, ...issue.path]
  if (issue.code === 'unrecognized_keys') {
    return issue.keys.map(key => ({ path: [...path, key], detail: 'is not a known field' }))
  }
  if (issue.code === 'invalid_union' && issue.errors.length > 0) {
    const [closest = []] = [...issue.errors].sort((a, b) => a.length - b.length)
    return closest.flatMap(each => flawsOf(each, path))
  }
  return [{ path, detail: issue.message }]
}
