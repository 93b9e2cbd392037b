// Several callers' commands decided one after another on the evolving state: each has its own answer.
import type { Command } from '../domain/command.ts'
import { type Answer, type Decision, type Rules, refuseRole } from '../domain/decide/decision.ts'
import { decide } from '../domain/decide/index.ts'
import type { DomainEvent } from '../domain/event.ts'
import { evolve } from '../domain/evolve.ts'
import type { InviteRecord, Json } from '../domain/invite.ts'
import { commands } from '../domain/lifecycle.ts'
import { type Rejection, reject } from '../domain/rejection.ts'
import type { IdempotencyRecord, OrganizationState } from '../domain/state.ts'
import type { MessageRow } from '../ports/storage/rows.ts'
import type { FactsRequest } from './facts-query.ts'

export interface Decided {
  readonly decision: Decision
  /** The invite as this command left it. */
  readonly invite: InviteRecord | null
}

export interface Outcome {
  readonly now: Date
  readonly done: readonly Decided[]
  /** True when the answer was kept under the idempotency key. */
  readonly replayed: boolean
  /** The messages that its commit put into the outbox. */
  readonly queued: readonly MessageRow[]
}

export interface Request extends FactsRequest {
  /** A digest of the input, compared when the key comes again. */
  readonly input: string
  readonly rules: Rules
}

/** One event, and what it made of the state. */
export interface Step {
  readonly event: DomainEvent
  readonly before: OrganizationState
  readonly after: OrganizationState
}

export interface BatchDecision {
  readonly outcomes: readonly Outcome[]
  readonly steps: readonly Step[]
  readonly kept: readonly IdempotencyRecord[]
}

/** How long an answer is kept under its key, in milliseconds. */
export const idempotencyTtlMs = 86_400_000

export function decideBatch(state: OrganizationState, requests: readonly Request[]): BatchDecision {
  const outcomes: Outcome[] = []
  const steps: Step[] = []
  const kept: IdempotencyRecord[] = []
  let current = state
  for (const request of requests) {
    const snapshot = request.idempotencyKey === null ? undefined : current.idempotency.get(request.idempotencyKey)
    if (snapshot && state.now.getTime() - snapshot.at.getTime() < idempotencyTtlMs) {
      outcomes.push({ now: state.now, done: replay(snapshot, request), replayed: true, queued: [] })
      continue
    }
    const done: Decided[] = []
    for (const command of request.commands) {
      const decision = decide(current, command, request.rules)
      for (const event of decision.ok ? decision.events : []) {
        const before: OrganizationState = current
        current = evolve(before, event)
        steps.push({ event, before, after: current })
      }
      done.push({ decision, invite: inviteOf(current, decision, command) })
    }
    outcomes.push({ now: state.now, done, replayed: false, queued: [] })
    const keeps = request.idempotencyKey !== null && (request.commands.length > 1 || done.some(({ decision }) => decision.ok))
    if (request.idempotencyKey === null || !keeps) continue
    const row = { key: request.idempotencyKey, input: request.input, answer: toRecord(done), at: state.now }
    kept.push(row)
    current = { ...current, idempotency: new Map(current.idempotency).set(row.key, row) }
  }
  return { outcomes, steps, kept }
}

function inviteOf(state: OrganizationState, decision: Decision, command: Command): InviteRecord | null {
  const id = decision.ok ? decision.answer.inviteId : 'id' in command ? command.id : null
  return id === null ? null : (state.invites.get(id) ?? null)
}

type StoredAnswer = { readonly ok: true; readonly answer: Answer } | { readonly ok: false; readonly rejection: Rejection }

/** Ids and outcomes, never the invites themselves: nothing personal, and no link. */
const toRecord = (done: readonly Decided[]): Json =>
  JSON.parse(JSON.stringify(done.map(({ decision }) => (decision.ok ? { ok: true, answer: decision.answer } : decision))))

/** The kept answer without its invites: those are read again. */
function replay(snapshot: IdempotencyRecord, { input, commands }: Request): Decided[] {
  const mismatch: Decided = { decision: reject('idempotency_mismatch', {}), invite: null }
  // Of a bulk in which nothing is valid there is no command, and yet it is another call.
  if (snapshot.input !== input) return commands.length === 0 ? [mismatch] : commands.map(() => mismatch)
  return (snapshot.answer as unknown as StoredAnswer[]).map(each => ({
    decision: each.ok ? { ...each, events: [] } : each,
    invite: null,
  }))
}

/** A replay is authorized anew: who may no longer manage the invite does not get its link again. */
export function reauthorize(done: readonly Decided[], request: Request): readonly Decided[] {
  return done.map((each, index) => {
    const command = request.commands[index]
    if (!each.decision.ok || each.invite === null || command === undefined || !commands[command.type].managed) return each
    const forbidden = refuseRole(request.rules, command.actor, each.invite.role)
    return forbidden ? { decision: forbidden, invite: null } : each
  })
}
