// Other processes of the same code, for what only several processes can show: races, crashes, handovers.
import { type ChildProcess, fork } from 'node:child_process'
import { createRequire } from 'node:module'
import { fileURLToPath, pathToFileURL } from 'node:url'

const loader = pathToFileURL(createRequire(import.meta.url).resolve('tsx')).href
const root = fileURLToPath(new URL('../../', import.meta.url))

export interface Options {
  /** Milliseconds until the process is killed and its result is an error. Default 20,000. */
  readonly deadline?: number
  readonly env?: Readonly<Record<string, string>>
}

export interface Running<Result> {
  readonly pid: number
  /** Resolves when the script says `ready()`. */
  readonly ready: Promise<void>
  /** Lets `ready()` return in the script. */
  readonly go: () => void
  /** What the script returned; an error with its output when it failed, was killed or took too long. */
  readonly result: Promise<Result>
  /** SIGKILL, and waits until it is gone. */
  readonly kill: () => Promise<void>
}

type Message =
  | { readonly type: 'ready' | 'go' }
  | { readonly type: 'result'; readonly value: unknown }
  | { readonly type: 'error'; readonly stack: string }

/** Starts `script` (a TypeScript file that calls `asProcess`) with one JSON value. */
export function startProcess<Result>(script: URL | string, args: unknown, options: Options = {}): Running<Result> {
  const { deadline = 20_000, env = {} } = options
  const path = typeof script === 'string' && !script.startsWith('file:') ? script : fileURLToPath(script)
  const child = fork(path, [JSON.stringify(args)], {
    cwd: root,
    env: { ...process.env, ...env },
    execArgv: ['--import', loader],
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
  })
  const output = collect(child)
  const end = later<void>()
  const ready = later<void>()
  const result = later<Result>()
  // Whoever waits for them is told; who does not, because the process is to be killed, is not ended by it.
  for (const { promise } of [ready, result]) promise.catch(() => {})

  const fail = (reason: string) => {
    const error = new Error(`${path} ${reason}\n${output()}`)
    ready.reject(error)
    result.reject(error)
  }
  const timer = setTimeout(() => {
    fail(`did not answer within ${deadline} ms`)
    child.kill('SIGKILL')
  }, deadline)
  child.on('message', (message: Message) => {
    if (message.type === 'ready') ready.resolve()
    else if (message.type === 'error') fail(`failed: ${message.stack}`)
    else if (message.type === 'result') result.resolve(message.value as Result)
  })
  child.on('error', error => fail(`could not be started: ${error.message}`))
  child.on('close', (code, signal) => {
    clearTimeout(timer)
    fail(`ended (${signal ?? code}) without a result`)
    end.resolve()
  })
  const kill = () => {
    child.kill('SIGKILL')
    return end.promise
  }
  return { pid: child.pid ?? 0, ready: ready.promise, go: () => void child.send({ type: 'go' }), result: result.promise, kill }
}

/** Starts one process for each of `list`, lets them go at the same moment, and answers what they returned. */
export async function race<Result>(
  script: URL | string,
  list: readonly unknown[],
  options?: Options,
): Promise<readonly Result[]> {
  const all = list.map(args => startProcess<Result>(script, args, options))
  try {
    await Promise.all(all.map(({ ready }) => ready))
    for (const { go } of all) go()
    return await Promise.all(all.map(({ result }) => result))
  } finally {
    await Promise.all(all.map(({ kill }) => kill()))
  }
}

/**
 * The other end, in the script: `await asProcess<Args>(async (args, ready) => { …connect…; await ready(); …; return result })`.
 * `ready()` waits for the parent's `go`.
 */
export async function asProcess<Args>(work: (args: Args, ready: () => Promise<void>) => Promise<unknown>): Promise<void> {
  const ready = async () => {
    const go = new Promise<void>(done => void process.once('message', () => done()))
    await send({ type: 'ready' })
    await go
  }
  try {
    await send({ type: 'result', value: await work(JSON.parse(process.argv[2] ?? 'null'), ready) })
  } catch (error) {
    await send({ type: 'error', stack: error instanceof Error ? (error.stack ?? error.message) : String(error) })
    process.exitCode = 1
  } finally {
    if (process.connected) process.disconnect()
  }
}

const send = (message: Message) =>
  new Promise<void>((done, failed) => {
    if (process.send === undefined) throw new Error('This script is started by startProcess or race.')
    process.send(message, undefined, undefined, error => (error ? failed(error) : done()))
  })

function later<T>() {
  let resolve: (value: T) => void = () => {}
  let reject: (reason: Error) => void = () => {}
  const promise = new Promise<T>((yes, no) => {
    resolve = yes
    reject = no
  })
  return { promise, resolve, reject }
}

/** The last 4,000 characters that the process printed. */
function collect(child: ChildProcess): () => string {
  let text = ''
  const add = (chunk: Buffer) => {
    text = (text + chunk).slice(-4000)
  }
  child.stdout?.on('data', add)
  child.stderr?.on('data', add)
  return () => text
}
