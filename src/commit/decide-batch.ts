// Several callers' commands decided one after another on the evolving slice: each has its own answer.
import type { Command } from '../domain/command.ts'
import { type Answer, type Decision, type Rules, refuseRole } from '../domain/decide/decision.ts'
import { decide } from '../domain/decide/index.ts'
import type { DomainEvent } from '../domain/event.ts'
import { evolve } from '../domain/evolve.ts'
import type { InviteRecord, Json } from '../domain/invite.ts'
import { type Rejection, reject } from '../domain/rejection.ts'
import type { Kept, Slice } from '../domain/state.ts'
import type { MessageRow } from '../ports/storage/rows.ts'
import type { Asking } from './facts-query.ts'

export interface Done {
  readonly decision: Decision
  /** The invite as this command left it. */
  readonly invite: InviteRecord | null
}

export interface Outcome {
  readonly now: Date
  readonly done: readonly Done[]
  /** True when the answer was kept under the idempotency key. */
  readonly replayed: boolean
  /** The messages that its commit put into the outbox. */
  readonly queued: readonly MessageRow[]
}

export interface Request extends Asking {
  /** A digest of the input, compared when the key comes again. */
  readonly input: string
  readonly rules: Rules
}

/** One event, and what it made of the slice. */
export interface Step {
  readonly event: DomainEvent
  readonly before: Slice
  readonly after: Slice
}

export interface AllDecided {
  readonly outcomes: readonly Outcome[]
  readonly steps: readonly Step[]
  readonly kept: readonly Kept[]
}

/** How long an answer is kept under its key, in milliseconds. */
export const keepsFor = 86_400_000

export function decideAll(slice: Slice, requests: readonly Request[]): AllDecided {
  const outcomes: Outcome[] = []
  const steps: Step[] = []
  const kept: Kept[] = []
  let current = slice
  for (const request of requests) {
    const known = request.key === null ? undefined : current.kept.get(request.key)
    if (known && slice.now.getTime() - known.at.getTime() < keepsFor) {
      outcomes.push({ now: slice.now, done: replay(known, request), replayed: true, queued: [] })
      continue
    }
    const done: Done[] = []
    for (const command of request.commands) {
      const decision = decide(current, command, request.rules)
      for (const event of decision.ok ? decision.events : []) {
        const before: Slice = current
        current = evolve(before, event)
        steps.push({ event, before, after: current })
      }
      done.push({ decision, invite: inviteOf(current, decision, command) })
    }
    outcomes.push({ now: slice.now, done, replayed: false, queued: [] })
    const keeps = request.key !== null && (request.commands.length > 1 || done.some(({ decision }) => decision.ok))
    if (request.key === null || !keeps) continue
    const row = { key: request.key, input: request.input, answer: toKept(done), at: slice.now }
    kept.push(row)
    current = { ...current, kept: new Map(current.kept).set(row.key, row) }
  }
  return { outcomes, steps, kept }
}

function inviteOf(slice: Slice, decision: Decision, command: Command): InviteRecord | null {
  const id = decision.ok ? decision.answer.inviteId : 'id' in command ? command.id : null
  return id === null ? null : (slice.invites.get(id) ?? null)
}

type KeptAnswer = { readonly ok: true; readonly answer: Answer } | { readonly ok: false; readonly rejection: Rejection }

/** Ids and outcomes, never the invites themselves: nothing personal, and no link. */
const toKept = (done: readonly Done[]): Json =>
  JSON.parse(JSON.stringify(done.map(({ decision }) => (decision.ok ? { ok: true, answer: decision.answer } : decision))))

/** The kept answer without its invites: those are read again. */
function replay(known: Kept, { input, commands }: Request): Done[] {
  const mismatch: Done = { decision: reject('idempotency_mismatch', {}), invite: null }
  // Of a bulk in which nothing is valid there is no command, and yet it is another call.
  if (known.input !== input) return commands.length === 0 ? [mismatch] : commands.map(() => mismatch)
  return (known.answer as unknown as KeptAnswer[]).map(each => ({
    decision: each.ok ? { ...each, events: [] } : each,
    invite: null,
  }))
}

/** A replay is authorized anew: who may no longer manage the invite does not get its link again. */
export function reauthorize(done: readonly Done[], { commands, rules }: Request): readonly Done[] {
  return done.map((each, index) => {
    const command = commands[index]
    if (!each.decision.ok || each.invite === null || command === undefined || !manages(command)) return each
    const forbidden = refuseRole(rules, command.doer, each.invite.role)
    return forbidden ? { decision: forbidden, invite: null } : each
  })
}

const manages = (command: Command): boolean => ['create', 'resend', 'revoke', 'update', 'erase'].includes(command.type)
