// Decided without a read in the organization's line: on what was seen of the invite before, and for the rest on the worst
// that would still let all of it through. Storage makes sure, in the statement that writes, that the truth is no worse.
import type { Command } from '../domain/command.ts'
import { type InviteRecord, nobody } from '../domain/invite.ts'
import { commands as rulesOf } from '../domain/lifecycle.ts'
import type { CheckedLimits } from '../domain/limits.ts'
import { isLive } from '../domain/state.ts'
import type { Settings } from '../options/settings.ts'
import type { Facts, FactsQuery } from '../ports/storage/facts.ts'
import type { Assumptions, InviteSnapshot, Speculation } from '../ports/storage/speculation.ts'
import type { FactsRequest } from './facts-query.ts'

/** What may be guessed with: not by a host's clock, nor about members of the host's own. */
export const speculationOf = <Tx>({ storage, clock, members }: Settings<Tx>): Speculation | null =>
  (clock === undefined && members === null ? storage.speculation : undefined) ?? null

/** A new invite is guessed to find nothing in its way; the invitee's own calls are on an invite that was just looked at. */
export const isSpeculative = (commands: readonly Command[], snapshot: InviteSnapshot | null): boolean =>
  commands.every(({ type }) => {
    const { speculative } = rulesOf[type]
    return speculative === 'withSnapshot' ? snapshot !== null : speculative
  })

export interface Speculated {
  readonly assumptions: Assumptions
  /** What is decided on; its revision means nothing. */
  readonly facts: Facts
}

/** Null where only a read can tell. */
export function speculate(asking: readonly FactsRequest[], query: FactsQuery, now: Date): Speculated | null {
  if (!asking.every(({ commands, snapshot }) => isSpeculative(commands, snapshot))) return null
  const limits = asking.map(each => each.limits)
  // Seats that are held count members and invites in one sum.
  if (limits.some(({ seats, pendingHoldsSeat }) => pendingHoldsSeat && seats !== null)) return null
  const commands = asking.flatMap(each => each.commands)
  const beneath = (isAsked: boolean, limitOf: (limits: CheckedLimits) => number | null, size: number) =>
    isAsked ? Math.min(...limits.map(each => limitOf(each) ?? Number.POSITIVE_INFINITY)) - size : 0
  const atMost = {
    pending: beneath(query.pending !== null, each => each.pending, commands.length),
    seats: beneath(query.seats !== null, each => each.seats, commands.length),
    createdToday: beneath(query.inviters.length > 0, each => each.perInviterPerDay, commands.length),
    sentToday: beneath(query.addressHashes.length > 0, each => each.perRecipientPerDay, maxSendsToOne(commands)),
  }
  if (Math.min(...Object.values(atMost)) < 0) return null
  const snapshot = asking.flatMap(each => each.snapshot ?? [])
  const dailyCounts = (keys: readonly string[], count: number) => new Map(keys.map(key => [key, { count, oldest: now }]))
  const facts = {
    revision: 0,
    now,
    pending: atMost.pending,
    seats: atMost.seats,
    invites: snapshot.map(each => each.invite),
    uses: snapshot.flatMap(each => each.uses),
    members: snapshot.flatMap(each => each.members),
    idempotency: [],
    templates: query.templates,
    createdToday: dailyCounts(query.inviters, atMost.createdToday),
    sentToday: dailyCounts(query.addressHashes, atMost.sentToday),
  }
  const versions = snapshot.flatMap(each => each.versions)
  const until = firstExpiry(facts.invites, now)
  return { assumptions: { query: { ...query, ids: [], users: [], now }, atMost, versions, until }, facts }
}

/** Of those that are live: one that is past its time stays so. */
function firstExpiry(invites: readonly InviteRecord[], now: Date): Date | null {
  const times = invites.flatMap(invite => (isLive(invite, now) && invite.expiresAt ? [invite.expiresAt.getTime()] : []))
  return times.length === 0 ? null : new Date(Math.min(...times))
}

/** How many of the commands go to one address. */
function maxSendsToOne(commands: readonly Command[]): number {
  const counts = new Map<string, number>()
  for (const command of commands) {
    const { emailKey, phoneKey } = (command.type === 'create' ? command.recipient : null) ?? nobody
    for (const key of [emailKey, phoneKey]) if (key !== null) counts.set(key, (counts.get(key) ?? 0) + 1)
  }
  return Math.max(0, ...counts.values())
}
