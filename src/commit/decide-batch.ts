// Decides the requests of a batch one after another on the evolving state, so that each has an outcome of its own. Pure.
import type { Command } from '../domain/command.ts'
import { type Answer, type Decision, type Rules, refuseRole } from '../domain/decide/decision.ts'
import { decide } from '../domain/decide/index.ts'
import type { DomainEvent } from '../domain/event.ts'
import { evolve } from '../domain/evolve.ts'
import type { InviteRecord, Json } from '../domain/invite.ts'
import { commands as commandRules } from '../domain/lifecycle.ts'
import type { CheckedLimits } from '../domain/limits.ts'
import { type Rejection, reject } from '../domain/rejection.ts'
import type { IdempotencyRecord, OrganizationState } from '../domain/state.ts'
import { addressHashOf, codeHashOf, codeOf } from '../domain/token.ts'
import { keyOf } from '../options/keys.ts'
import type { Settings } from '../options/settings.ts'
import type { MessageRow } from '../ports/storage/rows.ts'

/** What one call wants decided and written, all of it at one revision. */
export interface CommitRequest<Tx = unknown> {
  readonly organizationId: string
  readonly commands: readonly Command[]
  readonly limits: CheckedLimits
  readonly tx: Tx | undefined
  /** The idempotency key, hashed, and a digest of the input, which must be the same when the key is used again. */
  readonly idempotency?: { readonly key: string; readonly input: string } | undefined
  /** The messages take no lease in this process: the next relay that polls delivers them. */
  readonly deferDelivery?: boolean
  /** Decide and answer, write nothing. */
  readonly dryRun?: boolean
}

export interface Decided {
  readonly decision: Decision
  /** The invite as this command left it. */
  readonly invite: InviteRecord | null
}

/** What became of one request. */
export interface Outcome {
  readonly now: Date
  /** One for each command. */
  readonly results: readonly Decided[]
  /** True when the results were stored under the idempotency key by an earlier call. */
  readonly replayed: boolean
  /** The messages that the whole commit put into the outbox. */
  readonly queued: readonly MessageRow[]
}

/** One event with the state before and after it. */
export interface Step {
  readonly event: DomainEvent
  readonly before: OrganizationState
  readonly after: OrganizationState
}

export interface BatchDecision {
  readonly outcomes: readonly Outcome[]
  readonly steps: readonly Step[]
  /** The idempotency records to store. */
  readonly records: readonly IdempotencyRecord[]
}

/** An answer can be replayed under its idempotency key for 24 hours. */
export const idempotencyTtlMs = 86_400_000

export function decideBatch(
  state: OrganizationState,
  requests: readonly CommitRequest[],
  rulesFor: (limits: CheckedLimits) => Rules,
): BatchDecision {
  const { now } = state
  const outcomes: Outcome[] = []
  const steps: Step[] = []
  const records: IdempotencyRecord[] = []
  let current = state
  for (const { commands, limits, idempotency } of requests) {
    const record = idempotency && current.idempotency.get(idempotency.key)
    if (record && now.getTime() - record.at.getTime() < idempotencyTtlMs) {
      const results = record.input === idempotency.input ? resultsFrom(record) : mismatches(commands)
      outcomes.push({ now, results, replayed: true, queued: [] })
      continue
    }
    const rules = rulesFor(limits)
    const results = commands.map(command => {
      const decision = decide(current, command, rules)
      for (const event of decision.ok ? decision.events : []) {
        const before: OrganizationState = current
        current = evolve(before, event)
        steps.push({ event, before, after: current })
      }
      return { decision, invite: inviteOf(current, decision, command) }
    })
    outcomes.push({ now, results, replayed: false, queued: [] })
    // A single refused command is not recorded: the same call may succeed later.
    if (idempotency && (commands.length > 1 || results.some(({ decision }) => decision.ok))) {
      const added = { ...idempotency, answer: toAnswer(results), at: now }
      records.push(added)
      current = { ...current, idempotency: new Map(current.idempotency).set(added.key, added) }
    }
  }
  return { outcomes, steps, records }
}

function inviteOf(state: OrganizationState, decision: Decision, command: Command): InviteRecord | null {
  const id = decision.ok ? decision.answer.inviteId : 'id' in command ? command.id : null
  return id === null ? null : (state.invites.get(id) ?? null)
}

type StoredAnswer = { readonly ok: true; readonly answer: Answer } | { readonly ok: false; readonly rejection: Rejection }

/** Ids and outcomes, never the invites themselves: nothing personal is stored, and no link. */
const toAnswer = (results: readonly Decided[]): Json =>
  JSON.parse(JSON.stringify(results.map(({ decision }) => (decision.ok ? { ok: true, answer: decision.answer } : decision))))

/** The stored answers, without their invites: those are read again. */
const resultsFrom = ({ answer }: IdempotencyRecord): Decided[] =>
  (answer as unknown as StoredAnswer[]).map(stored => ({
    decision: stored.ok ? { ...stored, events: [] } : stored,
    invite: null,
  }))

/** The key was used for another input. A bulk in which no item is valid has no command, and is refused all the same. */
function mismatches(commands: readonly Command[]): Decided[] {
  const mismatch: Decided = { decision: reject('idempotency_mismatch', {}), invite: null }
  return commands.length === 0 ? [mismatch] : commands.map(() => mismatch)
}

/** A replay is authorized again: an actor who may no longer manage the invite does not get its link. */
export const reauthorize = (results: readonly Decided[], commands: readonly Command[], rules: Rules): readonly Decided[] =>
  results.map((result, index) => {
    const command = commands[index]
    if (!result.decision.ok || result.invite === null || !command || !commandRules[command.type].managed) return result
    const forbidden = refuseRole(rules, command.actor, result.invite.role)
    return forbidden ? { decision: forbidden, invite: null } : result
  })

/** The rules in force for one call, from the settings and the limits of its organization. */
export function rulesOf<Tx>(settings: Settings<Tx>, limits: CheckedLimits): Rules {
  const [signing] = settings.keys
  return {
    roles: settings.roles,
    limits,
    acceptance: settings.acceptance,
    addressKinds: settings.addressKinds,
    keyId: signing.id,
    knowsKey: keyId => keyOf(settings, keyId) !== null,
    codeHashOf: (id, generation) => codeHashOf(signing, codeOf(signing, id, generation)),
    addressHashOf: address => addressHashOf(signing, address),
    reminders: settings.reminders,
    noticeChannel: settings.expiryNotices === null ? null : 'email',
  }
}
