// Matches a path against patterns such as `/:id/resend`. A fixed segment wins over a parameter.
import type { Params } from './exchange.ts'
import type { Route } from './route.ts'

export interface Match<T> {
  readonly found: T
  /** The segment that each `:name` matched, decoded. */
  readonly params: Params
}

interface Pattern<T> {
  readonly found: T
  readonly segments: readonly string[]
}

/** Null when no pattern matches. */
export function createRouter<T>(paths: ReadonlyMap<string, T>): (path: string) => Match<T> | null {
  const byLength = new Map<number, Pattern<T>[]>()
  for (const [path, found] of paths) {
    const segments = path.slice(1).split('/')
    byLength.set(segments.length, [...(byLength.get(segments.length) ?? []), { found, segments }])
  }
  for (const patterns of byLength.values()) patterns.sort((a, b) => countParams(a.segments) - countParams(b.segments))

  return path => {
    const raw = path.slice(1).split('/')
    const patterns = byLength.get(raw.length)
    if (patterns === undefined) return null
    const segments = raw.map(decode)
    const pattern = patterns.find(one => matches(one.segments, segments))
    return pattern ? { found: pattern.found, params: paramsOf(pattern.segments, segments) } : null
  }
}

/** The routes of each path, in their order. */
export function byPath(routes: readonly Route[]): ReadonlyMap<string, readonly Route[]> {
  const paths = [...new Set(routes.map(({ path }) => path))]
  return new Map(paths.map(path => [path, routes.filter(route => route.path === path)]))
}

const isParam = (segment: string) => segment.startsWith(':')
const countParams = (pattern: readonly string[]) => pattern.filter(isParam).length

const matches = (pattern: readonly string[], segments: readonly string[]) =>
  pattern.every((one, at) => (isParam(one) ? segments[at] !== '' : one === segments[at]))

const paramsOf = (pattern: readonly string[], segments: readonly string[]): Params =>
  Object.fromEntries(pattern.flatMap((one, at) => (isParam(one) ? [[one.slice(1), segments[at] ?? '']] : [])))

/** Invalid percent-encoding stays as it is: no id and no token has a percent sign, so it will not be found. */
function decode(segment: string): string {
  try {
    return segment.includes('%') ? decodeURIComponent(segment) : segment
  } catch {
    return segment
  }
}
