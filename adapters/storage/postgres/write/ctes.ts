// What a statement writes once organizations are claimed: a CTE for each list of rows, of those organizations alone.
import { type Names, writtenColumns } from '../../sql/tables.ts'
import { insertText, type Source, upsert } from './insert.ts'
import { type List, sourcesOf, tables, type WrittenList } from './rows.ts'

interface Writes {
  readonly written: readonly WrittenList[]
  /** With the time before which kept answers go, as the parameter after the rows. */
  readonly forgets: boolean
}

/** `take` gives out the places of parameters. */
export function writeTexts(names: Names, { written, forgets }: Writes, take: (count: number) => number): readonly string[] {
  const sources = sourcesOf(written, take)
  const kept = sources.find(({ list }) => list === 'idempotency')?.source
  const texts = sources.map(({ list, source }, index) => {
    if (list === 'ended') return `ended as (${endedText(names, source)})`
    const isKnown = list === 'changed' || list === 'members' || list === 'idempotency'
    const conflict = isKnown ? upsert(names, tables[list]) : ''
    const insert = { table: tables[list], source, after: after(list, source, written.slice(0, index)), conflict }
    return `${list} as (${insertText(names, insert)})`
  })
  return forgets ? [...texts, staleText(names, kept, take(1))] : texts
}

/** Sibling CTEs have no order: whoever reads the counts of those before it waits until they have given up their addresses. */
function after(list: List, source: Source, before: readonly WrittenList[]): string {
  const earlier =
    tables[list] === 'invites' ? before.map(each => `, (select count(*) from ${each.list}) after_${each.list}`) : []
  return `claim${earlier.join('')}${list === 'uses' ? '' : ` where ${isClaimed(source)}`}`
}

/** Rows of several organizations may come together, but for uses, which do not tell whose they are. */
const isClaimed = ({ value }: Source): string => `claim.organization_id = ${value('organization_id')}`

function endedText(names: Names, { relation, value }: Source): string {
  const set = writtenColumns('invites')
    .filter(column => column !== 'id' && column !== 'organization_id')
    .map(column => `${column} = ${value(column)}`)
  const from = relation === '' ? 'claim' : `${relation}, claim`
  const own = `i.organization_id = claim.organization_id and ${isClaimed({ relation, value })}`
  return `update ${names.invites} i set ${set.join(', ')} from ${from} where i.id = ${value('id')} and ${own} returning 1`
}

/** But for those that are kept anew: no statement may write a row twice. `place` is that of the time. */
function staleText(names: Names, kept: Source | undefined, place: number): string {
  const anew = kept && `select ${kept.value('key')}${kept.relation === '' ? '' : ` from ${kept.relation}`}`
  const old = `k.at < cast($${place} as timestamptz(3))${anew ? ` and k.key <> all(array(${anew}))` : ''}`
  return `stale as (delete from ${names.kept} k using claim where k.organization_id = claim.organization_id and ${old})`
}
