// Checks that the index in README.md lists every example, and that each fits on a screen.
import { readdirSync, readFileSync } from 'node:fs'
import { join, relative } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'

const here = fileURLToPath(new URL('./', import.meta.url))
const files = readdirSync(here, { recursive: true, withFileTypes: true })
  .filter(entry => entry.isFile() && entry.name.endsWith('.ts'))
  .map(entry => relative(here, join(entry.parentPath, entry.name)))
  .filter(path => !path.startsWith('demo/') && (path === 'testing.test.ts' || !path.endsWith('.test.ts')))

const links = [...readFileSync(`${here}README.md`, 'utf8').matchAll(/\]\(([^)]+\.ts)\)/g)].map(([, to = '']) =>
  decodeURIComponent(to),
)

test('the index has every example, and no other', () => {
  expect([...links].sort()).toEqual(files.sort())
})

test.each(files)('%s fits on a screen and says first what it shows', path => {
  const lines = readFileSync(here + path, 'utf8')
    .trimEnd()
    .split('\n')
  expect(lines.length).toBeLessThanOrEqual(60)
  expect(lines[0]).toMatch(/^\/\/ \S/)
})
