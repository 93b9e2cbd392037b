// Dates are texts on the wire, and `Date` again in the hands of the caller.
const moment = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/

/** Turns the moments of an answer into dates, in place. Metadata and the content of templates are the host's own and stay as they are. */
export function reviveDates(value: unknown): void {
  if (typeof value !== 'object' || value === null) return
  for (const [key, item] of Object.entries(value)) {
    if (key === 'metadata' || key === 'content') continue
    if (typeof item === 'string' && /^at$|At$/.test(key) && moment.test(item)) Reflect.set(value, key, new Date(item))
    else reviveDates(item)
  }
}
