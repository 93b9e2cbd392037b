// Most new invites find nothing in their way. Decided on the worst that would still let all of them through, they need no
// read: storage makes sure, in the statement that writes them, that the truth is no worse.
import type { Command } from '../../domain/command.ts'
import type { CheckedLimits } from '../../domain/limits.ts'
import type { Facts, Guess, Question } from '../../ports/storage.ts'
import type { Asking } from './question.ts'

export interface Guessed {
  readonly guess: Guess
  /** What is decided on; its revision means nothing. */
  readonly facts: Facts
}

export const areGuessable = (commands: readonly Command[]): boolean => commands.every(({ type }) => type === 'create')

/** Null where only a read can tell. */
export function guessFor(asking: readonly Asking[], question: Question, now: Date): Guessed | null {
  const commands = asking.flatMap(each => each.commands)
  // Seats that are held count members and invites in one sum.
  if (!areGuessable(commands) || question.seats !== null) return null
  const beneath = (limitOf: (limits: CheckedLimits) => number | null) => {
    const lowest = Math.min(...asking.map(({ limits }) => limitOf(limits) ?? Number.POSITIVE_INFINITY))
    return lowest === Number.POSITIVE_INFINITY ? 0 : lowest - commands.length
  }
  const most = {
    pending: beneath(limits => limits.pending),
    made: beneath(limits => limits.perInviterPerDay),
    sends: beneath(limits => limits.perRecipientPerDay),
  }
  if (Math.min(...Object.values(most)) < 0) return null
  const tallies = (keys: readonly string[], count: number) => new Map(keys.map(key => [key, { count, oldest: now }]))
  const facts = {
    revision: 0,
    now,
    pending: most.pending,
    seats: 0,
    invites: [],
    uses: [],
    members: [],
    kept: [],
    templates: question.templates,
    made: tallies(question.inviters, most.made),
    sends: tallies(question.marks, most.sends),
  }
  return { guess: { question: { ...question, now }, most }, facts }
}
