// Which of the paths with `:names` a request means: fixed words win over names.
import type { Route } from './route.ts'

export interface Match<T> {
  readonly found: T
  /** What stands for each `:name`, decoded. */
  readonly params: Readonly<Record<string, string>>
}

interface Place<T> {
  readonly found: T
  readonly words: readonly string[]
}

export function createRouter<T>(paths: ReadonlyMap<string, T>): (path: string) => Match<T> | null {
  const byLength = new Map<number, Place<T>[]>()
  for (const [path, found] of paths) {
    const words = path.slice(1).split('/')
    byLength.set(words.length, [...(byLength.get(words.length) ?? []), { found, words }])
  }
  for (const places of byLength.values()) places.sort((a, b) => names(a.words) - names(b.words))

  return path => {
    const parts = path.slice(1).split('/')
    const places = byLength.get(parts.length)
    if (places === undefined) return null
    const words = parts.map(decode)
    const place = places.find(({ words: wanted }) => fits(wanted, words))
    return place ? { found: place.found, params: paramsOf(place.words, words) } : null
  }
}

export function byPath(routes: readonly Route[]): ReadonlyMap<string, readonly Route[]> {
  const paths = [...new Set(routes.map(({ path }) => path))]
  return new Map(paths.map(path => [path, routes.filter(route => route.path === path)]))
}

const isName = (word: string) => word.startsWith(':')
const names = (words: readonly string[]) => words.filter(isName).length

const fits = (wanted: readonly string[], words: readonly string[]) =>
  wanted.every((word, at) => (isName(word) ? words[at] !== '' : word === words[at]))

const paramsOf = (wanted: readonly string[], words: readonly string[]): Record<string, string> =>
  Object.fromEntries(wanted.flatMap((word, at) => (isName(word) ? [[word.slice(1), words[at] ?? '']] : [])))

/** What is no valid percent-encoding stays as it is: no id and no token has a percent sign in it. */
function decode(word: string): string {
  try {
    return word.includes('%') ? decodeURIComponent(word) : word
  } catch {
    return word
  }
}
