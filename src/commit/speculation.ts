// Decided without a read in the organization's line: on what was seen of the invite before, and for the rest on the worst
// that would still let all of it through. Storage makes sure, in the statement that writes, that the truth is no worse.
import type { Command } from '../domain/command.ts'
import { type InviteRecord, nobody } from '../domain/invite.ts'
import type { CheckedLimits } from '../domain/limits.ts'
import { isLive } from '../domain/state.ts'
import type { Settings } from '../options/settings.ts'
import type { Facts, Question } from '../ports/storage/facts.ts'
import type { Guess, Guesses, Known } from '../ports/storage/speculation.ts'
import type { Asking } from './facts-query.ts'

/** What may be guessed with: not by a host's clock, nor about members of the host's own. */
export const guessesOf = <Tx>({ storage, clock, members }: Settings<Tx>): Guesses | null =>
  (clock === undefined && members === null ? storage.guesses : undefined) ?? null

/** A new invite is guessed to find nothing in its way; the invitee's own calls are on an invite that was just looked at. */
export const isGuessable = (commands: readonly Command[], known: Known | null): boolean =>
  commands.every(({ type }) => type === 'create' || (known !== null && ofInvitee.includes(type)))

const ofInvitee: readonly Command['type'][] = ['accept', 'decline', 'open', 'renew']

export interface Guessed {
  readonly guess: Guess
  /** What is decided on; its revision means nothing. */
  readonly facts: Facts
}

/** Null where only a read can tell. */
export function guessFor(asking: readonly Asking[], question: Question, now: Date): Guessed | null {
  if (!asking.every(({ commands, known }) => isGuessable(commands, known))) return null
  const limits = asking.map(each => each.limits)
  // Seats that are held count members and invites in one sum.
  if (limits.some(({ seats, pendingHoldsSeat }) => pendingHoldsSeat && seats !== null)) return null
  const commands = asking.flatMap(each => each.commands)
  const beneath = (isAsked: boolean, limitOf: (limits: CheckedLimits) => number | null, size: number) =>
    isAsked ? Math.min(...limits.map(each => limitOf(each) ?? Number.POSITIVE_INFINITY)) - size : 0
  const most = {
    pending: beneath(question.pending !== null, each => each.pending, commands.length),
    seats: beneath(question.seats !== null, each => each.seats, commands.length),
    made: beneath(question.inviters.length > 0, each => each.perInviterPerDay, commands.length),
    sends: beneath(question.marks.length > 0, each => each.perRecipientPerDay, mostToOne(commands)),
  }
  if (Math.min(...Object.values(most)) < 0) return null
  const known = asking.flatMap(each => each.known ?? [])
  const tallies = (keys: readonly string[], count: number) => new Map(keys.map(key => [key, { count, oldest: now }]))
  const facts = {
    revision: 0,
    now,
    pending: most.pending,
    seats: most.seats,
    invites: known.map(each => each.invite),
    uses: known.flatMap(each => each.uses),
    members: known.flatMap(each => each.members),
    kept: [],
    templates: question.templates,
    made: tallies(question.inviters, most.made),
    sends: tallies(question.marks, most.sends),
  }
  const versions = known.flatMap(each => each.versions)
  const until = firstExpiry(facts.invites, now)
  return { guess: { question: { ...question, ids: [], users: [], now }, most, versions, until }, facts }
}

/** Of those that are live: one that is past its time stays so. */
function firstExpiry(invites: readonly InviteRecord[], now: Date): Date | null {
  const times = invites.flatMap(invite => (isLive(invite, now) && invite.expiresAt ? [invite.expiresAt.getTime()] : []))
  return times.length === 0 ? null : new Date(Math.min(...times))
}

/** How many of the commands go to one address. */
function mostToOne(commands: readonly Command[]): number {
  const counts = new Map<string, number>()
  for (const command of commands) {
    const { emailKey, phoneKey } = (command.type === 'create' ? command.recipient : null) ?? nobody
    for (const key of [emailKey, phoneKey]) if (key !== null) counts.set(key, (counts.get(key) ?? 0) + 1)
  }
  return Math.max(0, ...counts.values())
}
