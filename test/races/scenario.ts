// A race as data: what there is before, what is called at once, and the ways in which it may end.
import type { Limits } from 'invitekit'
import type { Call } from './calls.ts'
import type { Counts } from './counts.ts'

/** An invite that is there before the race. */
export interface Given {
  /** Absent: an open invite. */
  readonly email?: string
  readonly maxUses?: number
  /** It expired yesterday, and nobody has noticed. */
  readonly expired?: boolean
  /** It was sent yesterday; a reminder is due if there are any. */
  readonly sent?: boolean
  /** The user who invited; absent: the system. */
  readonly by?: string
  /** It lives for so long, in milliseconds. */
  readonly expiresIn?: number
}

export interface Made {
  readonly id: string
  readonly token: string
  readonly expiresAt: number
}

/** `create ok: 10`; the items of a bulk count as creates. */
export type Tally = Readonly<Record<string, number>>

export interface Ending {
  readonly ends: Tally
  /** All that is not 0 in the tables of the organization. Absent names must be 0. */
  readonly counts: Counts
}

export interface Scenario {
  /** A sentence. */
  readonly name: string
  readonly limits?: Limits
  readonly hostMembers?: boolean
  readonly followUps?: boolean
  readonly given?: readonly Given[]
  /** All repeats at once: they wait for a moment, not for each other. */
  readonly together?: boolean
  readonly calls: (made: readonly Made[]) => readonly Call[]
  /** The race ended in one of these ways, or as the function says: it answers what is wrong. */
  readonly endings: readonly Ending[] | ((ending: Ending) => readonly string[])
}

/** So many things, by number. */
export const many = <T>(count: number, make: (index: number) => T): readonly T[] =>
  Array.from({ length: count }, (_, index) => make(index))

/** Two lists dealt like cards, so that each process has calls of both. */
export const mixed = <T>(...lists: readonly (readonly T[])[]): readonly T[] =>
  many(Math.max(...lists.map(list => list.length)), index => lists.flatMap(list => list[index] ?? [])).flat()

export const email = (index: number) => `p${index}@example.com`

/** What is different, if anything. */
export function same(is: Ending, wanted: Ending): readonly string[] {
  const text = ({ ends, counts }: Ending) =>
    JSON.stringify([ends, counts].map(each => Object.entries(each).sort(([a], [b]) => (a < b ? -1 : 1))))
  return text(is) === text(wanted) ? [] : [`ended as ${text(is)}, not ${text(wanted)}`]
}
