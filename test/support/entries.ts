// The published entries, read from the one list: `paths` of tsconfig.json. Its counterpart, `exports` of package.json,
// is held to it by test/package.
import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

/** The directory of the checkout, with a slash at its end. */
export const root = fileURLToPath(new URL('../../', import.meta.url))

const isPaths = (value: unknown): value is Record<string, [string]> =>
  typeof value === 'object' && value !== null && Object.values(value).every(Array.isArray)

/** `invitekit/memory` → `adapters/storage/memory.ts`, and so on. */
export function entries(): ReadonlyMap<string, string> {
  const { compilerOptions } = JSON.parse(readFileSync(`${root}tsconfig.json`, 'utf8'))
  const paths: unknown = compilerOptions?.paths
  if (!isPaths(paths)) throw new Error('tsconfig.json has no compilerOptions.paths')
  return new Map(Object.entries(paths).map(([name, [source]]) => [name, source.replace(/^\.\//, '')]))
}
