// What the handler adds to a call: CPU of a server beside that of the same server with the routes written by hand.
import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import { Agent, request } from 'node:http'
import { createRequire } from 'node:module'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { onSockets } from './http.hosts.ts'
import { bodyOf, type Call, calls, type Hosted, type Order, pathOf, type Side } from './http.process.ts'
import { type Line, median } from './measure.ts'

/** Microseconds of CPU that the handler may add. */
const budget = 150
const rounds = 21
const times = 200
const warmUp = 2000

export const reading = `
Each framework is a process of its own on memory storage, its client another. Shown is the CPU of the server alone, user and
system, per call. By hand is a bare route of the same framework: it parses the JSON, makes the same call of the library and
answers its JSON, and checks nothing; in brackets, the part of it that is the call itself. What the handler adds is invitekit
less by hand, that is less the bare route and less the call: the median over ${rounds} rounds of ${times} calls of each side in turns.`

/** Microseconds of CPU for each of so many calls. */
type Meter = (side: Side, call: Call, times: number) => Promise<number>

export async function http(): Promise<readonly Line[]> {
  const lines: Line[] = []
  for (const framework of ['fetch', ...Object.keys(onSockets)]) {
    const server = await start(framework)
    for (const call of calls) lines.push(await beside(`${call}, ${framework}`, call, server.meter))
    server.stop()
  }
  return lines
}

async function beside(what: string, call: Call, meter: Meter): Promise<Line> {
  const sides = ['ours', 'byHand', 'call'] as const
  for (const side of sides) await meter(side, call, warmUp)
  const all: Record<Side, number>[] = []
  for (let round = 0; round < rounds; round += 1) {
    const used = { ours: 0, byHand: 0, call: 0 }
    // Every other round goes backwards: whoever comes second meets what the first has left.
    for (const side of round % 2 === 0 ? sides : sides.toReversed()) used[side] = await meter(side, call, times)
    all.push(used)
  }
  const added = median(all.map(({ ours, byHand }) => ours - byHand))
  const middle = (side: Side) => Math.round(median(all.map(used => used[side])))
  return {
    what,
    ours: `${middle('ours')} µs`,
    theirs: `${middle('byHand')} µs (${middle('call')})`,
    result: `+${Math.round(added)} µs`,
    target: { text: `< ${budget} µs`, met: added < budget },
  }
}

async function start(framework: string): Promise<{ readonly meter: Meter; readonly stop: () => void }> {
  const loader = pathToFileURL(createRequire(import.meta.url).resolve('tsx')).href
  const child = fork(fileURLToPath(new URL('./http.process.ts', import.meta.url)), [framework], {
    execArgv: ['--import', loader],
  })
  child.once('exit', code => {
    if (code !== 0) throw new Error(`the server for ${framework} has ended with code ${code}`)
  })
  const [hosted] = (await once(child, 'message')) as [Hosted]
  const agent = new Agent({ keepAlive: true, maxSockets: 1 })
  const meter: Meter = async (side, call, times) => {
    const port = hosted.ports?.[side]
    const before = await order(child, {})
    if (port === undefined) return ((await order(child, { run: { side, call, times } })) - before) / times
    for (let left = times; left > 0; left -= 1) await send({ agent, port, call, hosted })
    return ((await order(child, {})) - before) / times
  }
  const stop = () => {
    agent.destroy()
    child.disconnect()
  }
  return { meter, stop }
}

async function order(child: ChildProcess, order: Order): Promise<number> {
  child.send(order)
  const [used] = (await once(child, 'message')) as [number]
  return used
}

interface Sent {
  readonly agent: Agent
  readonly port: number
  readonly call: Call
  readonly hosted: Hosted
}

/** One request over the one connection, and its answer to the end. */
function send({ agent, port, call, hosted }: Sent): Promise<void> {
  const body = bodyOf(call, hosted)
  const headers = body === undefined ? {} : { 'content-type': 'application/json', 'content-length': body.length }
  const method = body === undefined ? 'GET' : 'POST'
  return new Promise((resolve, reject) => {
    const sent = request({ host: '127.0.0.1', port, agent, method, path: pathOf(call, hosted), headers }, answer => {
      if ((answer.statusCode ?? 0) >= 300) reject(new Error(`${call} answered ${answer.statusCode}`))
      answer.resume().once('end', resolve)
    })
    sent.once('error', reject).end(body)
  })
}
