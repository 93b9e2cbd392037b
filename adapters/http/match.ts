// Which route a path means: fixed words win over `:names`.
import type { Route } from './route.ts'

export interface Match {
  /** Every route of this path, whatever its method. */
  readonly routes: readonly Route[]
  readonly params: Readonly<Record<string, string>>
}

export function createMatcher(routes: readonly Route[]): (path: string) => Match | null {
  const paths = [...byPath(routes)]
    .map(([path, routes]) => ({ routes, words: path.slice(1).split('/') }))
    .sort((a, b) => names(a.words) - names(b.words))

  return path => {
    const words = path.slice(1).split('/').map(decode)
    for (const { routes, words: wanted } of paths) {
      const params = paramsOf(wanted, words)
      if (params) return { routes, params }
    }
    return null
  }
}

export function byPath(routes: readonly Route[]): ReadonlyMap<string, readonly Route[]> {
  const paths = [...new Set(routes.map(({ path }) => path))]
  return new Map(paths.map(path => [path, routes.filter(route => route.path === path)]))
}

const isName = (word: string) => word.startsWith(':')
const names = (words: readonly string[]) => words.filter(isName).length

function paramsOf(wanted: readonly string[], words: readonly string[]): Record<string, string> | null {
  const fits =
    wanted.length === words.length && wanted.every((word, at) => (isName(word) ? words[at] !== '' : word === words[at]))
  return fits
    ? Object.fromEntries(wanted.flatMap((word, at) => (isName(word) ? [[word.slice(1), words[at] ?? '']] : [])))
    : null
}

/** What is no valid percent-encoding stays as it is: no id and no token has a percent sign in it. */
function decode(word: string): string {
  try {
    return decodeURIComponent(word)
  } catch {
    return word
  }
}
