// The rows of a commit in lists, and the cache of statement texts: one for each set of lists and of array columns.
import type { Changes, Lease, MessageRow } from '../../../../src/core.ts'
import type { Parameter } from '../../sql/dialect.ts'
import { type NewRow, newMessage } from '../../sql/rows.ts'
import type { TableName } from '../../sql/tables.ts'
import { byColumn, columnSource, shapes, toJsonRow } from './columns.ts'
import type { Source } from './insert.ts'

/** The lists of rows, in the order in which they are written, and the tables that they go to. */
export const tables = {
  ended: 'invites',
  changed: 'invites',
  made: 'invites',
  uses: 'uses',
  members: 'members',
  idempotency: 'kept',
  events: 'events',
  messages: 'outbox',
} as const satisfies Partial<Record<keyof Changes, TableName>>
export type List = keyof typeof tables
const lists = Object.keys(tables) as readonly List[]

/** By list, in the table's fields. */
export type Rows = { readonly [L in List]: readonly NewRow<(typeof tables)[L]>[] }

export function rowsOf(changes: Changes): Rows {
  const { organizationId, lease } = changes
  return {
    ended: changes.ended,
    changed: changes.changed,
    made: changes.made,
    uses: changes.uses,
    members: changes.members.map(member => ({ organizationId, ...member })),
    idempotency: changes.idempotency.map(answer => ({ organizationId, ...answer })),
    events: changes.events,
    messages: changes.messages.map(message => newMessage(message, lease)),
  }
}

/** The rows of several commits in one. */
export const concatenated = (all: readonly Rows[]): Rows =>
  Object.fromEntries(lists.map(list => [list, all.flatMap((rows): readonly object[] => rows[list])])) as unknown as Rows

/** The lists that have rows. The text leaves out the others. */
export const writtenIn = (rows: Rows): readonly List[] => lists.filter(list => rows[list].length > 0)

export const countOf = (rows: Rows): number => lists.reduce((sum, list) => sum + rows[list].length, 0)

/** A message as a row of a list. */
export const toMessageRow = (message: MessageRow, lease: Lease | null) => toJsonRow('outbox', newMessage(message, lease))

/** A list that is written, and which of its columns go as arrays. */
export interface WrittenList {
  readonly list: List
  readonly arrays: string
}

/** Rows can share many sets of columns. Past this many texts every column is an array, which needs one text. */
const maxTexts = 100

/** `compose` makes the text from the written lists and `also`, which are all that it depends on. */
export function createTexts<T>(compose: (written: readonly WrittenList[], also: T) => string) {
  const texts = new Map<string, string>()
  return (rows: Rows, also: T): { readonly text: string; readonly parameters: readonly Parameter[] } => {
    const shared = encoded(rows, false)
    const isCached = texts.has(shapeOf(shared.written, also)) || texts.size < maxTexts
    const { written, parameters } = isCached ? shared : encoded(rows, true)
    const shape = shapeOf(written, also)
    const text = texts.get(shape) ?? compose(written, also)
    texts.set(shape, text)
    return { text, parameters }
  }
}

const shapeOf = (...of: readonly unknown[]): string => JSON.stringify(of)

function encoded(rows: Rows, apart: boolean) {
  const columns = writtenIn(rows).map(list => ({ list, ...byColumn(tables[list], rows[list], apart) }))
  const written = columns.map(({ list, arrays }): WrittenList => ({ list, arrays }))
  return { written, parameters: columns.flatMap(({ parameters }) => parameters) }
}

/** The source of each list. `take` reserves parameters and returns the number of the first. */
export const sourcesOf = (written: readonly WrittenList[], take: (count: number) => number) =>
  written.map(({ list, arrays }): { readonly list: List; readonly source: Source } => ({
    list,
    source: columnSource(tables[list], arrays, take(shapes[tables[list]].length)),
  }))

/** Reserves parameter numbers from `first` on, and returns the first of those reserved. */
export function placesFrom(first: number): (count: number) => number {
  let next = first
  return count => {
    const place = next
    next += count
    return place
  }
}
