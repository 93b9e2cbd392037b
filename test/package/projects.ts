// Empty projects that install the packed tarball with npm, as a user's first minute goes, and run a file there.
import { execFileSync, spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { root } from '../support/entries.ts'

export interface Project {
  readonly write: (file: string, text: string) => void
  /** Runs a file of the project's own, or of a package in it. Answers all that it printed. */
  readonly run: (...args: readonly string[]) => string
  /** Puts the checkout's copy of a package there, for what takes minutes to compile. */
  readonly borrow: (name: string) => void
  readonly remove: () => void
}

/** `packages` are what the user installs beside invitekit; nothing else is there. */
export function createProject(tarball: string, ...packages: readonly string[]): Project {
  const place = mkdtempSync(join(tmpdir(), 'invitekit-project-'))
  const at = (file: string) => join(place, file)
  const quick = ['--prefer-offline', '--no-audit', '--no-fund', '--ignore-scripts', '--silent']
  writeFileSync(at('package.json'), JSON.stringify({ name: 'app', private: true, type: 'module' }))
  execFileSync('npm', ['install', ...quick, tarball, ...packages], { cwd: place, stdio: 'pipe' })
  return {
    write: (file, text) => writeFileSync(at(file), text),
    run(...args) {
      const { stdout, stderr } = spawnSync(process.execPath, args, { cwd: place, encoding: 'utf8', timeout: 120_000 })
      return stdout + stderr
    },
    borrow(name) {
      mkdirSync(at('node_modules'), { recursive: true })
      symlinkSync(join(root, 'node_modules', name), at(`node_modules/${name}`))
    },
    remove: () => rmSync(place, { recursive: true, force: true }),
  }
}
