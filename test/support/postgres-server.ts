// A Postgres server of our own: found, initialised in a temporary directory, started on a free port, and never left behind.
import { type ChildProcess, execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import { chmodSync, chownSync, closeSync, mkdirSync, mkdtempSync, openSync, readFileSync, rmSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import pg from 'pg'
import { findBinaries, lowerUser, runnable, type User } from './postgres-binaries.ts'

interface Server {
  readonly url: string
  readonly logFile: string
  readonly stop: () => Promise<void>
}

/** Takes 1 to 2 seconds. `fsync` stays on, so that what is measured here is what a real disk gives. */
export async function bootServer(): Promise<Server> {
  const directory = mkdtempSync(join(tmpdir(), 'invitekit-postgres-'))
  try {
    // mkdtemp makes it 0700, which the user that we drop to could not enter.
    chmodSync(directory, 0o711)
    const user = lowerUser()
    const bin = runnable(findBinaries(), directory, user)
    const data = dataDirectory(directory, user)
    execFileSync(
      join(bin, 'initdb'),
      ['-D', data, '-U', 'postgres', '-A', 'trust', '-E', 'UTF8', '--no-sync', '--no-instructions'],
      { ...user, cwd: directory, env: environment(), stdio: 'pipe' },
    )
    return await start({ bin, data, directory, user })
  } catch (cause) {
    rmSync(directory, { recursive: true, force: true })
    throw cause
  }
}

interface Place {
  readonly bin: string
  readonly data: string
  readonly directory: string
  readonly user: User
}

async function start({ bin, data, directory, user }: Place, attempt = 1): Promise<Server> {
  const port = await freePort()
  const logFile = join(directory, 'log')
  const log = openSync(logFile, 'a')
  const settings = {
    listen_addresses: '127.0.0.1',
    port,
    unix_socket_directories: '',
    max_connections: 200,
    log_line_prefix: '[%p %d %a] ',
    log_statement: 'none',
  }
  const flags = Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`])
  const server = spawn(join(bin, 'postgres'), ['-D', data, ...flags], {
    ...user,
    cwd: directory,
    env: environment(),
    stdio: ['ignore', log, log],
    detached: true,
  })
  closeSync(log)
  const guard = watchOver(server, directory)
  const url = `postgres://postgres@127.0.0.1:${port}/postgres`
  if (await answers(server, url)) return { url, logFile, stop: () => stop(server, guard, directory) }
  guard.kill('SIGKILL')
  server.kill('SIGKILL')
  // Somebody else may have taken the port between our look and the server's start.
  if (attempt < 3) return start({ bin, data, directory, user }, attempt + 1)
  throw new Error(`Postgres did not start:\n${readFileSync(logFile, 'utf8').slice(-2000)}`)
}

async function answers(server: ChildProcess, url: string): Promise<boolean> {
  for (const until = Date.now() + 30_000; Date.now() < until && server.exitCode === null; await sleep(30)) {
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

/** A process that ends the server when this one is gone, even by SIGKILL: the pipe between them closes. */
function watchOver(server: ChildProcess, directory: string): ChildProcess {
  const script = `process.stdin.resume().on('end', () => {
    try { process.kill(${server.pid}, 'SIGQUIT') } catch {}
    setTimeout(() => fs.rmSync(${JSON.stringify(directory)}, { recursive: true, force: true }), 300)
  })`
  const guard = spawn(process.execPath, ['-e', script], { stdio: ['pipe', 'ignore', 'ignore'], detached: true, env: {} })
  guard.unref()
  server.unref()
  return guard
}

async function stop(server: ChildProcess, guard: ChildProcess, directory: string): Promise<void> {
  if (server.exitCode === null && server.signalCode === null) {
    server.ref()
    const gone = once(server, 'exit')
    server.kill('SIGINT')
    await gone
  }
  rmSync(directory, { recursive: true, force: true })
  guard.kill('SIGKILL')
}

// Fixed, so that sorting and case do not depend on who runs the tests.
const environment = () => ({ PATH: process.env['PATH'], LC_ALL: process.platform === 'darwin' ? 'en_US.UTF-8' : 'C.UTF-8' })

function dataDirectory(directory: string, { uid, gid }: User): string {
  const data = join(directory, 'data')
  mkdirSync(data)
  if (uid !== undefined && gid !== undefined) chownSync(data, uid, gid)
  return data
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  server.close()
  await once(server, 'close')
  return typeof address === 'object' && address !== null ? address.port : 0
}
