// What Postgres is asked before a decision: one statement, and in it as many questions of one shape as were waiting.
import type { FactsQuery, InviteId, Storage } from '../../../../src/core.ts'
import type { Run, Tuples } from '../../sql/dialect.ts'
import { findText } from '../../sql/find.ts'
import { toRef } from '../../sql/rows.ts'
import type { Names } from '../../sql/tables.ts'
import { createBatcher } from '../batcher.ts'
import { postgres } from '../dialect.ts'
import { toFacts } from './facts.ts'
import { createFactsText, factsParameters } from './facts-query.ts'

/** `heard` is told the time that the database said. */
export function createRead<Tx>(names: Names, run: Run<Tx>, heard: (now: Date) => void): Storage<Tx>['read'] {
  const textOf = createFactsText(names)
  const ask = async (text: string, questions: readonly FactsQuery[], tx?: Tx) => {
    const all = (await run(text, factsParameters(questions), tx)).map(row => toFacts(row['json']))
    if (all[0] && questions.every(({ now }) => now === null)) heard(all[0].now)
    return all
  }
  const gather = createBatcher(ask)
  return async (question, tx) => {
    const text = textOf(question)
    if (tx === undefined) return gather(text, question)
    const [facts] = await ask(text, [question], tx)
    return facts ?? unanswered()
  }
}

/** Whose invite it is. Those that are asked for by id go together. */
export function createFind<Tx>(names: Names, tuples: Tuples<Tx>): Storage<Tx>['find'] {
  const byId = findText(postgres, names, 'ids')
  const byCode = findText(postgres, names, 'codeHashes')
  const ask = async (text: string, asked: object, tx?: Tx) => (await tuples(text, [JSON.stringify(asked)], tx)).map(toRef)
  const gather = createBatcher(async (text, ids: readonly InviteId[]) => {
    const found = new Map((await ask(text, { ids })).map(each => [each.id, each]))
    return ids.map(id => found.get(id) ?? null)
  })
  return async (by, tx) => {
    if ('id' in by && tx === undefined) return gather(byId, by.id)
    const [found] = 'id' in by ? await ask(byId, { ids: [by.id] }, tx) : await ask(byCode, by, tx)
    return found ?? null
  }
}

function unanswered(): never {
  throw new Error('invitekit: the database did not answer a question')
}
