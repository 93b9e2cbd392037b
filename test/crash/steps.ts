// Steps: every effect of a process, before and after, counted and written down, so that a signal can hit between any two.
import { openSync, readFileSync, writeSync } from 'node:fs'
import type { Sink, Storage, Transport } from 'invitekit'

/** Which step of this process ends or stops it: a number, or the first of a name. */
export interface Fault {
  readonly step: number | string
  /** Only where it is about this: a part of one of its ids. */
  readonly about?: string
  readonly signal: 'SIGKILL' | 'SIGSTOP'
}

export interface Entry {
  readonly step: number
  readonly name: string
  /** Messages, events or invites that the step is about. */
  readonly ids: readonly string[]
}

export type Step = (name: string, ids?: readonly string[]) => void

/** A journal outlives its process: each line is in the file before the next thing happens. */
export function createSteps(journal: string, fault: Fault | null): Step {
  const file = openSync(journal, 'a')
  let taken = 0
  let armed = fault
  return (name, ids = []) => {
    taken += 1
    writeSync(file, `${JSON.stringify({ step: taken, name, ids } satisfies Entry)}\n`)
    if (armed?.step !== taken && armed?.step !== name) return
    const { about } = armed
    if (about !== undefined && !ids.some(id => id.includes(about))) return
    const { signal } = armed
    armed = null
    process.kill(process.pid, signal)
  }
}

export const readJournal = (journal: string): readonly Entry[] =>
  readFileSync(journal, 'utf8')
    .split('\n')
    .filter(line => line !== '')
    .map(line => JSON.parse(line) as Entry)

/** The same storage, a step before and after each of its methods that the library's writing and relaying use. */
export function steppingStorage<Tx>(inner: Storage<Tx>, step: Step): Storage<Tx> {
  const { withLock, outbox } = inner
  const around = aroundWith(step)
  return {
    ...inner,
    read: around('read', inner.read),
    commit: around('commit', inner.commit, changes => changes.ended.map(({ id }) => id)),
    find: around('find', inner.find),
    ...(withLock && { withLock: (id, work) => around('exclusively', () => withLock(id, work))() }),
    outbox: {
      ...outbox,
      async lease(...args) {
        step('before lease')
        const taken = await outbox.lease(...args)
        step(
          'after lease',
          taken.map(({ message }) => message.id),
        )
        return taken
      },
      check: around('check', outbox.check, holds => holds.map(({ id }) => id)),
      settle: around('settle', outbox.settle, settled => settled.map(({ settlement }) => settlement.id)),
    },
  }
}

export function steppingTransport(inner: Transport, step: Step): Transport {
  const send = aroundWith(step)('send', inner.send, ({ id, to }) => [id, to])
  return { ...inner, send }
}

/** A sink that only says what it was given. */
export const steppingSink = (step: Step): Sink => ({ name: 'journal', publish: async ({ id }) => step('publish', [id]) })

const aroundWith =
  (step: Step) =>
  <A extends readonly unknown[], R>(
    name: string,
    method: (...args: A) => Promise<R>,
    idsOf: (...args: A) => readonly string[] = () => [],
  ) =>
  async (...args: A): Promise<R> => {
    step(`before ${name}`, idsOf(...args))
    const result = await method(...args)
    step(`after ${name}`, idsOf(...args))
    return result
  }
