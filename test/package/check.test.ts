// `npm run check` as tests, so that a mistake of types or style is counted like any other.
import { spawnSync } from 'node:child_process'
import { createRequire } from 'node:module'
import { expect, test } from 'vitest'
import { root } from '../support/entries.ts'

const resolve = createRequire(import.meta.url).resolve

function run(script: string, ...args: readonly string[]): string {
  const { status, stdout, stderr } = spawnSync(process.execPath, [resolve(script), ...args], { cwd: root, encoding: 'utf8' })
  return status === 0 ? '' : `${stdout}${stderr}`
}

test('the types hold', () => expect(run('typescript/bin/tsc', '--noEmit')).toBe(''))

test('the style holds', () => expect(run('@biomejs/biome/bin/biome', 'check', '--error-on-warnings', '.')).toBe(''))
