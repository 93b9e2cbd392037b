// What Postgres is asked before a decision: one statement, and in it as many questions of one shape as were waiting.
import type { InviteId, Question, Storage } from '../../../src/index.ts'
import { postgres, type Run, type Tuples } from '../sql/dialect.ts'
import { toFacts } from '../sql/facts.ts'
import { findText } from '../sql/find.ts'
import { answerText, createTextOf, listsOf, type Source } from '../sql/question.ts'
import { toFound } from '../sql/rows.ts'
import type { Names } from '../sql/tables.ts'
import { createGather } from './gather.ts'

const source: Source = {
  organization: 'q.organization',
  lists: 'q.lists',
  now: 'q.now',
  pending: 'q.pending',
  seats: 'q.seats',
}

export function createRead<Tx>(names: Names, run: Run<Tx>): Storage<Tx>['read'] {
  const textOf = createTextOf(question => readText(names, question))
  const ask = async (text: string, questions: readonly Question[], tx?: Tx) =>
    (await run(text, [questionsJson(questions)], tx)).map(row => toFacts(postgres, row['json']))
  const gather = createGather(ask)
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
  const ask = async (text: string, asked: object, tx?: Tx) => (await tuples(text, [JSON.stringify(asked)], tx)).map(toFound)
  const gather = createGather(async (text, ids: readonly InviteId[]) => {
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

const questionsJson = (questions: readonly Question[]): string =>
  JSON.stringify(
    questions.map(question => ({
      organization: question.organizationId,
      lists: listsOf(question),
      now: question.now,
      pending: question.pending,
      seats: question.seats,
    })),
  )

const columns = 'organization text, lists jsonb, now timestamptz(3), pending bigint, seats bigint'

const readText = (names: Names, question: Question): string => `with q as materialized (
  select n, organization, lists, pending, seats, ${postgres.now('now')} as now
  from rows from (jsonb_to_recordset(cast($1 as jsonb)) as (${columns})) with ordinality as x(organization, lists, now, pending, seats, n)
) select (${answerText(postgres, names, { question, source })}) as json from q order by n`
