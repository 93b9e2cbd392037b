// The CTEs of a commit: one for each list of rows, which writes only rows of the claimed organizations.
import { type Names, writtenColumns } from '../../sql/tables.ts'
import { insertText, type Source, upsert } from './insert.ts'
import { type List, sourcesOf, tables, type WrittenList } from './rows.ts'

interface Writes {
  readonly written: readonly WrittenList[]
  /** Whether old idempotency records are deleted. Their time is the parameter after those of the rows. */
  readonly expires: boolean
}

/** `take` reserves parameter numbers. */
export function writeTexts(names: Names, { written, expires }: Writes, take: (count: number) => number): readonly string[] {
  const sources = sourcesOf(written, take)
  const answers = sources.find(({ list }) => list === 'idempotency')?.source
  const texts = sources.map(({ list, source }, index) => {
    if (list === 'ended') return `ended as (${endedText(names, source)})`
    const isUpsert = list === 'changed' || list === 'members' || list === 'idempotency'
    const conflict = isUpsert ? upsert(names, tables[list]) : ''
    const insert = { table: tables[list], source, after: after(list, source, written.slice(0, index)), conflict }
    return `${list} as (${insertText(names, insert)})`
  })
  return expires ? [...texts, staleText(names, answers, take(1))] : texts
}

/** Sibling CTEs run in no fixed order. Reading the counts of earlier ones makes this one wait until they have freed addresses. */
function after(list: List, source: Source, before: readonly WrittenList[]): string {
  const earlier =
    tables[list] === 'invites' ? before.map(each => `, (select count(*) from ${each.list}) after_${each.list}`) : []
  return `claim${earlier.join('')}${list === 'uses' ? '' : ` where ${isClaimed(source)}`}`
}

/** A list may have rows of several organizations, except uses, which have no organization column. */
const isClaimed = ({ value }: Source): string => `claim.organization_id = ${value('organization_id')}`

function endedText(names: Names, { relation, value }: Source): string {
  const set = writtenColumns('invites')
    .filter(column => column !== 'id' && column !== 'organization_id')
    .map(column => `${column} = ${value(column)}`)
  const from = relation === '' ? 'claim' : `${relation}, claim`
  const own = `i.organization_id = claim.organization_id and ${isClaimed({ relation, value })}`
  return `update ${names.invites} i set ${set.join(', ')} from ${from} where i.id = ${value('id')} and ${own} returning 1`
}

/** Except records that this statement writes: no statement may write a row twice. `place` is the number of the time. */
function staleText(names: Names, answers: Source | undefined, place: number): string {
  const rewritten = answers && `select ${answers.value('key')}${answers.relation === '' ? '' : ` from ${answers.relation}`}`
  const old = `k.at < cast($${place} as timestamptz(3))${rewritten ? ` and k.key <> all(array(${rewritten}))` : ''}`
  return `stale as (delete from ${names.kept} k using claim where k.organization_id = claim.organization_id and ${old})`
}
