// The demo as a process of its own, as `npm start` starts it.
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll } from 'vitest'
import { freshDatabase } from './postgres.ts'

const root = fileURLToPath(new URL('../../', import.meta.url))
const running: ChildProcess[] = []
afterAll(() => {
  for (const child of running) child.kill('SIGKILL')
})

/** On a port and a database of its own; `stop` is what Ctrl-C does, and answers the exit code. */
export async function startDemo(name: string) {
  const directory = await mkdtemp(join(tmpdir(), 'invitekit-demo-'))
  const database = name === 'Postgres' ? await freshDatabase() : null
  const where = database ? { DATABASE_URL: database.url } : { DEMO_DATABASE: join(directory, 'demo.db') }
  const child = start({ PORT: '0', ...where })
  const closed = once(child, 'close')
  const stop = async () => {
    child.kill('SIGINT')
    const [code] = await closed
    return code
  }
  return {
    origin: await child.origin,
    /** The SQLite file. */
    file: join(directory, 'demo.db'),
    stop,
    async [Symbol.asyncDispose]() {
      await stop()
      await database?.drop()
      await rm(directory, { recursive: true, force: true })
    },
  }
}

/** Ends with its test file at the latest. */
export function start(settings: Readonly<Record<string, string>>) {
  const { DATABASE_URL: _, SMTP_URL: __, DEMO_DATABASE: ___, ...env } = process.env
  const child = spawn(process.execPath, ['--import', 'tsx', 'examples/demo/server.ts'], {
    cwd: root,
    env: { ...env, ...settings },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  running.push(child)
  let said = ''
  const origin = new Promise<string>((resolve, reject) => {
    for (const stream of [child.stdout, child.stderr]) {
      stream.on('data', chunk => {
        said += chunk
        const found = /http:\/\/127\.0\.0\.1:\d+/.exec(said)
        if (found) resolve(found[0])
      })
    }
    child.once('close', code => reject(new Error(`the demo ended with ${code}: ${said}`)))
  })
  origin.catch(() => {})
  return Object.assign(child, { origin, said: () => said })
}
