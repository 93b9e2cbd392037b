// The package as the registry would hand it out: built, packed by npm, unpacked again. It takes half a minute, so a test file
// makes one.
import { execFileSync } from 'node:child_process'
import { cpSync, existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { root } from '../support/entries.ts'

const resolve = createRequire(import.meta.url).resolve

export interface Packed {
  /** Where it lies unpacked. */
  readonly directory: string
  readonly tarball: string
  readonly remove: () => void
}

/** Beside the checkout, so that its own `dist` stays as it is. */
export function pack(): Packed {
  const place = mkdtempSync(join(tmpdir(), 'invitekit-pack-'))
  const remove = () => rmSync(place, { recursive: true, force: true })
  try {
    return { ...packIn(place), remove }
  } catch (error) {
    remove()
    throw error
  }
}

function packIn(place: string): Omit<Packed, 'remove'> {
  const stage = join(place, 'stage')
  for (const name of ['package.json', 'LICENSE', 'README.md', 'CHANGELOG.md']) {
    if (existsSync(join(root, name))) cpSync(join(root, name), join(stage, name))
  }
  execFileSync(process.execPath, [resolve('tsup/dist/cli-default.js'), '--silent', '--out-dir', join(stage, 'dist')], {
    cwd: root,
    stdio: 'pipe',
  })
  execFileSync('npm', ['pack', '--ignore-scripts', '--silent', '--pack-destination', place], { cwd: stage, stdio: 'pipe' })
  const { name, version } = JSON.parse(readFileSync(join(stage, 'package.json'), 'utf8'))
  const tarball = join(place, `${name}-${version}.tgz`)
  execFileSync('tar', ['-xzf', tarball, '-C', place])
  return { directory: join(place, 'package'), tarball }
}
