// The real PgBouncer in transaction mode, before a database of the tests: on a free port, not as root, gone after `stop`.
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import pg from 'pg'
import { lowerUser } from '../support/postgres-binaries.ts'

export interface Bouncer {
  readonly url: string
  readonly stop: () => Promise<void>
}

/** `bin`: its program. So many connections to the server, however many clients there are. */
export async function startBouncer(bin: string, server: string, connections: number): Promise<Bouncer> {
  const directory = mkdtempSync(join(tmpdir(), 'invitekit-pgbouncer-'))
  // mkdtemp makes it 0700, which the user that we drop to could not enter.
  chmodSync(directory, 0o755)
  const port = await freePort()
  writeFileSync(join(directory, 'pgbouncer.ini'), settings(new URL(server), port, connections), { mode: 0o644 })
  const process = spawn(bin, [join(directory, 'pgbouncer.ini')], {
    ...lowerUser(),
    cwd: directory,
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let output = ''
  for (const stream of [process.stdout, process.stderr]) stream.on('data', chunk => (output += chunk))
  const stop = async () => {
    if (process.exitCode === null && process.signalCode === null) {
      process.kill('SIGKILL')
      await once(process, 'exit')
    }
    rmSync(directory, { recursive: true, force: true })
  }
  const url = `postgres://anybody@127.0.0.1:${port}/any`
  if (await answers(process, url)) return { url, stop }
  await stop()
  throw new Error(`PgBouncer did not start:\n${output.slice(-2000)}`)
}

/** One database for all; whoever comes is let in as the user of `server`. */
const settings = ({ hostname, port, pathname, username, password }: URL, own: number, connections: number) => `[databases]
* = host=${hostname} port=${port || 5432} dbname=${pathname.slice(1)} user=${decodeURIComponent(username)}${password ? ` password='${decodeURIComponent(password)}'` : ''}
[pgbouncer]
listen_addr = 127.0.0.1
listen_port = ${own}
unix_socket_dir =
auth_type = any
pool_mode = transaction
default_pool_size = ${connections}
max_client_conn = 300
`

async function answers(bouncer: ChildProcess, url: string): Promise<boolean> {
  for (const until = Date.now() + 10_000; Date.now() < until && bouncer.exitCode === null; await sleep(30)) {
    const client = new pg.Client({ connectionString: url })
    client.on('error', () => {})
    const connected = await client.connect().then(
      () => true,
      () => false,
    )
    if (connected) await client.end()
    if (connected) return true
  }
  return false
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  server.close()
  await once(server, 'close')
  return typeof address === 'object' && address !== null ? address.port : 0
}
