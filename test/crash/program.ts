// The child as one bundled file: it starts in a fraction of the time that the sources take.
import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync, symlinkSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { build } from 'esbuild'
import { root } from '../support/entries.ts'
import type { Order } from './child.ts'

export interface Program {
  readonly start: (order: Order) => Promise<Child>
  /** For journals and the like; gone with the program. */
  readonly folder: string
  readonly remove: () => void
}

export interface Child {
  readonly pid: number
  readonly go: () => void
  readonly signal: (signal: NodeJS.Signals) => void
  /** `done`, `failed: …`, or the signal that ended it. */
  readonly end: Promise<string>
}

export async function buildProgram(): Promise<Program> {
  const folder = mkdtempSync(join(tmpdir(), 'invitekit-crash-'))
  symlinkSync(join(root, 'node_modules'), join(folder, 'node_modules'))
  const outfile = join(folder, 'child.mjs')
  const entry = join(root, 'test/crash/child.ts')
  // The names of the package are found by `paths` of tsconfig.json; everything from npm stays where it is.
  const remove = () => rmSync(folder, { recursive: true, force: true })
  const options = { bundle: true, format: 'esm', platform: 'node', external: npm, logLevel: 'error' } as const
  await build({ entryPoints: [entry], outfile, ...options }).catch(error => {
    remove()
    throw error
  })
  return { folder, start: order => started(outfile, order), remove }
}

const npm = ['better-sqlite3', 'pg', 'nodemailer', 'libphonenumber-js', 'express', 'hono', 'koa']

async function started(file: string, order: Order): Promise<Child> {
  const child = fork(file, [JSON.stringify(order)], { stdio: ['ignore', 'inherit', 'inherit', 'ipc'] })
  const end = ended(child)
  const first = await Promise.race([once(child, 'message').then(([word]) => String(word)), end])
  if (first !== 'up') throw new Error(`the child did not start: ${first}`)
  return { pid: child.pid ?? 0, go: () => void child.send('go'), signal: signal => void child.kill(signal), end }
}

async function ended(child: ChildProcess): Promise<string> {
  let last = ''
  child.on('message', word => {
    last = String(word)
  })
  const [code, signal] = await once(child, 'close')
  return signal ?? (last === '' || last === 'up' ? `exit ${code}` : last)
}
