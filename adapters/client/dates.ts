// Turns the ISO 8601 texts of a response into `Date` objects.
const isoDate = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/

/**
 * Changes `value` in place: every field whose name is or ends in `at`, such as `createdAt`. Metadata and the content of
 * templates are the host's own, so they stay as they are.
 */
export function reviveDates(value: unknown): void {
  if (typeof value !== 'object' || value === null) return
  for (const [key, item] of Object.entries(value)) {
    if (key === 'metadata' || key === 'content') continue
    if (typeof item === 'string' && /^at$|At$/.test(key) && isoDate.test(item)) Reflect.set(value, key, new Date(item))
    else reviveDates(item)
  }
}
