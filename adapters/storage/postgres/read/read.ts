// Reads of facts, and lookups of an invite by id or code. Concurrent reads with the same conditions share one statement.
import type { FactsQuery, InviteId, Storage } from '../../../../src/core.ts'
import type { Run, Tuples } from '../../sql/dialect.ts'
import { findText } from '../../sql/find.ts'
import { toRef } from '../../sql/rows.ts'
import type { Names } from '../../sql/tables.ts'
import { createBatcher } from '../batcher.ts'
import { postgres } from '../dialect.ts'
import { toFacts } from './facts.ts'
import { createFactsText, factsParameters } from './facts-query.ts'

/** `onTime` is called with the database's time. */
export function createRead<Tx>(names: Names, run: Run<Tx>, onTime: (now: Date) => void): Storage<Tx>['read'] {
  const textOf = createFactsText(names)
  const ask = async (text: string, queries: readonly FactsQuery[], tx?: Tx) => {
    const all = (await run(text, factsParameters(queries), tx)).map(row => toFacts(row['json']))
    if (all[0] && queries.every(({ now }) => now === null)) onTime(all[0].now)
    return all
  }
  const batch = createBatcher(ask)
  return async (query, tx) => {
    const text = textOf(query)
    if (tx === undefined) return batch(text, query)
    const [facts] = await ask(text, [query], tx)
    return facts ?? unanswered()
  }
}

/** Finds the organization of an invite. Concurrent lookups by id share one statement. */
export function createFind<Tx>(names: Names, tuples: Tuples<Tx>): Storage<Tx>['find'] {
  const byId = findText(postgres, names, 'ids')
  const byCode = findText(postgres, names, 'codeHashes')
  const ask = async (text: string, lookup: object, tx?: Tx) => (await tuples(text, [JSON.stringify(lookup)], tx)).map(toRef)
  const batch = createBatcher(async (text, ids: readonly InviteId[]) => {
    const found = new Map((await ask(text, { ids })).map(each => [each.id, each]))
    return ids.map(id => found.get(id) ?? null)
  })
  return async (by, tx) => {
    if ('id' in by && tx === undefined) return batch(byId, by.id)
    const [found] = 'id' in by ? await ask(byId, { ids: [by.id] }, tx) : await ask(byCode, by, tx)
    return found ?? null
  }
}

function unanswered(): never {
  throw new Error('invitekit: the database did not answer a question')
}
