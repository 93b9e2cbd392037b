// Three processes that live as long as a test file and run one round after another.
import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import { createRequire } from 'node:module'
import { fileURLToPath, pathToFileURL } from 'node:url'
import type { Call, Ends, Setting } from './calls.ts'
import type { Place } from './stores.ts'
import type { Order, Report } from './worker.ts'

const loader = pathToFileURL(createRequire(import.meta.url).resolve('tsx')).href
const script = fileURLToPath(new URL('./worker.ts', import.meta.url))

/** The calls of one organization, dealt to the processes in turn. */
export interface Race {
  readonly setting: Setting
  readonly calls: readonly Call[]
}

export interface Cluster {
  /** Runs all races at the same moment; answers how each call of each race ended, in the order of the calls. */
  readonly run: (place: Place, races: readonly Race[]) => Promise<readonly (readonly Ends[])[]>
  readonly end: () => Promise<void>
}

export async function startCluster(size = 3): Promise<Cluster> {
  const children = await Promise.all(Array.from({ length: size }, startChild))
  return {
    async run(place, races) {
      const partsOf = (own: number) =>
        races.map(({ setting, calls }) => ({ setting, calls: calls.filter((_, index) => index % size === own) }))
      await Promise.all(children.map((child, own) => child.ask({ type: 'prepare', place, parts: partsOf(own) })))
      const reports = await Promise.all(children.map(child => child.ask({ type: 'go' })))
      const ends = reports.map(report => (report.type === 'done' ? report.ends : []))
      return races.map(({ calls }, race) =>
        calls.map((_, index) => ends[index % size]?.[race]?.[Math.floor(index / size)] ?? []),
      )
    },
    end: async () => void (await Promise.all(children.map(child => child.end()))),
  }
}

async function startChild() {
  const child = fork(script, [], { execArgv: ['--import', loader], stdio: ['ignore', 'inherit', 'inherit', 'ipc'] })
  await next(child)
  const ask = (order: Order) => {
    const answer = next(child)
    child.send(order)
    return answer
  }
  const end = async () => {
    const gone = once(child, 'exit')
    child.send({ type: 'end' } satisfies Order)
    const timer = setTimeout(() => child.kill('SIGKILL'), 5_000)
    await gone
    clearTimeout(timer)
  }
  return { ask, end }
}

const next = (child: ChildProcess) =>
  new Promise<Report>((resolve, reject) => {
    const gone = () => reject(new Error('a process of the race ended before its time'))
    child.once('exit', gone)
    child.once('message', (report: Report) => {
      child.off('exit', gone)
      report.type === 'failed' ? reject(new Error(`a process of the race failed: ${report.stack}`)) : resolve(report)
    })
  })
