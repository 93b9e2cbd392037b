// What a speculative decision assumes: the highest counts that would still pass the limits, and the invite as it was last
// read. The statement that writes verifies these assumptions, or reports a conflict. Pure.
import type { Command } from '../../domain/command.ts'
import { type InviteRecord, nobody } from '../../domain/invite.ts'
import { commands as commandRules } from '../../domain/lifecycle.ts'
import type { CheckedLimits } from '../../domain/limits.ts'
import { isLive } from '../../domain/state.ts'
import type { Facts, FactsQuery } from '../../ports/storage/facts.ts'
import type { Assumptions, InviteSnapshot } from '../../ports/storage/speculation.ts'

/** The part of a commit request that speculation looks at. */
export interface SpeculativeRequest {
  readonly commands: readonly Command[]
  readonly limits: CheckedLimits
}

export interface Assumed {
  readonly assumptions: Assumptions
  /** What is decided on; its revision means nothing. */
  readonly facts: Facts
}

/** Whether a command may be decided on assumptions: some only on a snapshot of their invite. */
export const isSpeculative = (command: Command, hasSnapshot: (command: Command) => boolean): boolean => {
  const { speculative } = commandRules[command.type]
  return speculative === 'withSnapshot' ? hasSnapshot(command) : speculative
}

/** Null where only a read can tell. `snapshotOf` is called once for each command that is decided on its invite. */
export function assume(
  requests: readonly SpeculativeRequest[],
  snapshotOf: (command: Command) => InviteSnapshot | null,
  query: FactsQuery,
  now: Date,
): Assumed | null {
  const commands = requests.flatMap(request => request.commands)
  const found = new Map(commands.filter(needsSnapshot).map(command => [command, snapshotOf(command)]))
  if (!commands.every(command => isSpeculative(command, () => found.get(command) != null))) return null
  const snapshots = [...found.values()].flatMap(snapshot => snapshot ?? [])
  // Where pending invites hold seats, one limit is compared with the sum of two counts.
  if (requests.some(({ limits }) => limits.pendingHoldsSeat && limits.seats !== null)) return null
  /** The highest count to which all of the batch can be added within the lowest of the limits. */
  const highest = (isCounted: boolean, limitOf: (limits: CheckedLimits) => number | null, added: number) =>
    isCounted ? Math.min(...requests.map(({ limits }) => limitOf(limits) ?? Number.POSITIVE_INFINITY)) - added : 0
  const atMost = {
    pending: highest(query.pending !== null, limits => limits.pending, commands.length),
    seats: highest(query.seats !== null, limits => limits.seats, commands.length),
    createdToday: highest(query.inviters.length > 0, limits => limits.perInviterPerDay, commands.length),
    sentToday: highest(query.addressHashes.length > 0, limits => limits.perRecipientPerDay, maxSendsToOne(commands)),
  }
  if (Math.min(...Object.values(atMost)) < 0) return null
  const dailyCounts = (keys: readonly string[], count: number) => new Map(keys.map(key => [key, { count, oldest: now }]))
  const facts = {
    revision: 0,
    now,
    pending: atMost.pending,
    seats: atMost.seats,
    invites: snapshots.map(snapshot => snapshot.invite),
    uses: snapshots.flatMap(snapshot => snapshot.uses),
    members: snapshots.flatMap(snapshot => snapshot.members),
    idempotency: [],
    templates: query.templates,
    createdToday: dailyCounts(query.inviters, atMost.createdToday),
    sentToday: dailyCounts(query.addressHashes, atMost.sentToday),
  }
  const versions = snapshots.flatMap(snapshot => snapshot.versions)
  const until = firstExpiry(facts.invites, now)
  return { assumptions: { query: { ...query, ids: [], users: [], now }, atMost, versions, until }, facts }
}

const needsSnapshot = ({ type }: Command): boolean => commandRules[type].speculative === 'withSnapshot'

/** Of the live invites only: one that is past its expiry stays expired. */
function firstExpiry(invites: readonly InviteRecord[], now: Date): Date | null {
  const times = invites.flatMap(invite => (isLive(invite, now) && invite.expiresAt ? [invite.expiresAt.getTime()] : []))
  return times.length === 0 ? null : new Date(Math.min(...times))
}

/** The most messages that these commands send to one address. */
function maxSendsToOne(commands: readonly Command[]): number {
  const counts = new Map<string, number>()
  for (const command of commands) {
    const { emailKey, phoneKey } = (command.type === 'create' ? command.recipient : null) ?? nobody
    for (const key of [emailKey, phoneKey]) if (key !== null) counts.set(key, (counts.get(key) ?? 0) + 1)
  }
  return Math.max(0, ...counts.values())
}
