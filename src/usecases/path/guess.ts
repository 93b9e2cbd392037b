// Decided without a read in the organization's line: on what was seen of the invite before, and for the rest on the worst
// that would still let all of it through. Storage makes sure, in the statement that writes, that the truth is no worse.
import type { Command } from '../../domain/command.ts'
import type { CheckedLimits } from '../../domain/limits.ts'
import type { Guess, Guesses, Known } from '../../ports/guesses.ts'
import type { Facts, Question } from '../../ports/storage.ts'
import type { Settings } from '../options/settings.ts'
import type { Asking } from './question.ts'

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
  const size = asking.reduce((sum, { commands }) => sum + commands.length, 0)
  const beneath = (limitOf: (limits: CheckedLimits) => number | null) => {
    const lowest = Math.min(...limits.map(each => limitOf(each) ?? Number.POSITIVE_INFINITY))
    return lowest === Number.POSITIVE_INFINITY ? 0 : lowest - size
  }
  const most = {
    pending: question.pending === null ? 0 : beneath(each => each.pending),
    seats: question.seats === null ? 0 : beneath(each => each.seats),
    made: beneath(each => each.perInviterPerDay),
    sends: beneath(each => each.perRecipientPerDay),
  }
  if (Math.min(...Object.values(most)) < 0) return null
  const known = asking.flatMap(each => each.known ?? [])
  const tallies = (keys: readonly string[], count: number) => new Map(keys.map(key => [key, { count, oldest: now }]))
  const facts = {
    revision: 0,
    now,
    pending: most.pending,
    seats: most.seats,
    invites: known.flatMap(each => each.facts.invites),
    uses: known.flatMap(each => each.facts.uses),
    members: known.flatMap(each => each.facts.members),
    kept: [],
    templates: question.templates,
    made: tallies(question.inviters, most.made),
    sends: tallies(question.marks, most.sends),
  }
  const versions = known.flatMap(each => each.versions)
  return { guess: { question: { ...question, now }, most, versions }, facts }
}
