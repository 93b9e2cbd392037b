// Rounds of dying and recovering: several stores side by side, on each one round after the other.
import { readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { type Store, stores } from '../races/stores.ts'
import { type App, leaseMs, openApp, type Place } from './app.ts'
import { type MailServer, startMailServer } from './mailserver.ts'
import { buildProgram, type Child, type Program } from './program.ts'
import { createSteps, readJournal } from './steps.ts'
import { verdict } from './verdict.ts'

/** Dies at its nth step, at a moment (milliseconds after it began), or not at all. */
export type Death = { readonly step: number } | { readonly after: number } | null

export interface Round {
  readonly death: Death
  /** `done`, or the signal that ended it. */
  readonly end: string
  readonly steps: number
  /** The step at which it died. */
  readonly last: string
  /** Mails that came more than once: what was in flight when it died. */
  readonly repeated: number
  readonly broken: readonly string[]
}

interface Lane {
  readonly store: Store
  readonly app: App
  readonly journal: string
}

/** Runs a round for each death, `wide` of them at a time. */
export async function runRounds(kind: Place['kind'], deaths: readonly Death[], wide = 5): Promise<readonly Round[]> {
  const [program, smtp] = await Promise.all([buildProgram(), startMailServer()])
  const waiting = deaths.map((death, index) => ({ death, index }))
  const rounds: Round[] = []
  const work = async (number: number) => {
    const lane = await openLane(kind, program, smtp, number)
    try {
      for (let next = waiting.shift(); next; next = waiting.shift()) {
        rounds[next.index] = await runRound({ lane, program, smtp }, `${kind}-${next.index}`, next.death)
      }
    } finally {
      await lane.app.close()
      await lane.store.drop()
    }
  }
  try {
    await Promise.all(Array.from({ length: Math.min(wide, deaths.length) }, (_, number) => work(number)))
    return rounds
  } finally {
    await smtp.close()
    program.remove()
  }
}

async function openLane(kind: Place['kind'], program: Program, smtp: MailServer, number: number): Promise<Lane> {
  const store = await stores[kind]()
  const journal = join(program.folder, `recovery-${number}.jsonl`)
  const app = openApp({ place: store.place, mail: smtp.url }, createSteps(journal, null), { inline: false })
  return { store, app, journal }
}

interface Stage {
  readonly lane: Lane
  readonly program: Program
  readonly smtp: MailServer
}

async function runRound({ lane, program, smtp }: Stage, organizationId: string, death: Death): Promise<Round> {
  const { store } = lane
  const journal = join(program.folder, `${organizationId}.jsonl`)
  const fault = death !== null && 'step' in death ? ({ step: death.step, signal: 'SIGKILL' } as const) : null
  const child = await program.start({ site: { place: store.place, mail: smtp.url }, organizationId, journal, fault })
  const end = await ended(child, death)
  await lastWords(store)
  const before = linesIn(lane.journal)
  await recover(lane, organizationId)
  const died = readJournal(journal)
  const recovered = readJournal(lane.journal).slice(before)
  const broken = await verdict({ store, organizationId, inbox: smtp.inbox, died, recovered })
  const mails = smtp.inbox.filter(({ to }) => to.endsWith(`@${organizationId}.example.com`))
  const repeated = mails.length - new Set(mails.map(({ id }) => id)).size
  rmSync(journal)
  const faults = end === 'done' || end === 'SIGKILL' ? broken : [end, ...broken]
  return { death, end, steps: died.length, last: died.at(-1)?.name ?? '', repeated, broken: faults }
}

async function ended(child: Child, death: Death): Promise<string> {
  child.go()
  if (death !== null && 'after' in death) setTimeout(() => child.signal('SIGKILL'), death.after)
  return child.end
}

/** What the dead process had sent may still be under way in the server, and land after its end. */
async function lastWords(store: Store): Promise<void> {
  if (store.place.kind !== 'postgres') return
  const text = `select 1 from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid() and state = 'active'`
  for (const until = performance.now() + 5_000; performance.now() < until; await sleep(10))
    if ((await store.rows(text)).length === 0) return
}

/** Drains until nothing waits: what the dead process held is free when its lease is over. */
async function recover({ store, app }: Lane, organizationId: string): Promise<void> {
  const until = performance.now() + 10 * leaseMs
  const waiting = `select count(*) as n from invite_outbox where organization_id = '${organizationId}' and due_at is not null`
  for (;;) {
    await app.invites.relay.drain()
    const [row] = await store.rows(waiting)
    if (Number(row?.['n']) === 0 || performance.now() > until) return
    await sleep(leaseMs / 8)
  }
}

const linesIn = (file: string): number => readFileSync(file, 'utf8').split('\n').length - 1

/** Of all rounds, what broke and when, for an assertion whose failure can be read. */
export const broken = (rounds: readonly Round[]) =>
  rounds.filter(round => round.broken.length > 0).map(({ death, last, broken }) => ({ death, last, broken }))
