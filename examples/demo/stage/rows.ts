// Reads the tables, and finds what changed since they were last read.
import type { Row } from '../data/db.ts'

export interface Change {
  readonly table: string
  readonly kind: 'new' | 'changed' | 'gone'
  /** Column and value; of a changed row what changed, with the value before. */
  readonly cells: readonly { readonly name: string; readonly value: string; readonly before?: string }[]
}

interface Watched {
  readonly table: string
  readonly text: string
  /** The column that tells the rows apart; the last of them says whose it is. */
  readonly key: string
}

/** Times come as yes or nothing, and deliveries of events are left out: what is shown should fit on a line. */
export const watched: readonly Watched[] = [
  {
    table: 'invite_invites',
    key: 'id',
    text: `select id, email, role, status, send_count as sends,
      case when opened_at is null then null else 'yes' end as opened, accepted_by from invite_invites`,
  },
  {
    table: 'memberships',
    key: 'user',
    text: 'select u.email as "user", m.role from memberships m join users u on u.id = m.user_id',
  },
  { table: 'invite_events', key: 'seq', text: 'select seq, type, actor_id as actor from invite_events' },
  {
    table: 'invite_outbox',
    key: 'id',
    text: `select id, target as "to", reason, status, attempts as tries, failure from invite_outbox where kind = 'delivery'`,
  },
  { table: 'invite_suppressions', key: 'mark', text: 'select mark, organization_id as organization from invite_suppressions' },
  { table: 'naive_invites', key: 'row', text: "select race || ' ' || email as row, email from naive_invites" },
]

export type Snapshot = ReadonlyMap<string, ReadonlyMap<string, Row>>

export async function look(query: (text: string) => Promise<readonly Row[]>): Promise<Snapshot> {
  const tables = watched.map(async ({ table, key, text }) => {
    const rows = await query(text)
    return [table, new Map(rows.map(row => [String(row[key]), row]))] as const
  })
  return new Map(await Promise.all(tables))
}

export const compare = (before: Snapshot, after: Snapshot): readonly Change[] =>
  watched.flatMap(({ table }) => {
    const [old, now] = [before.get(table) ?? new Map(), after.get(table) ?? new Map()]
    const gone = [...old]
      .filter(([key]) => !now.has(key))
      .map(([, row]) => ({ table, kind: 'gone' as const, cells: cellsOf(row) }))
    const here = [...now].flatMap(([key, row]) => changeOf(table, old.get(key), row))
    return [...gone, ...here]
  })

function changeOf(table: string, before: Row | undefined, row: Row): readonly Change[] {
  if (!before) return [{ table, kind: 'new', cells: cellsOf(row) }]
  const changed = Object.keys(row).filter(name => row[name] !== before[name])
  if (changed.length === 0) return []
  const whose = cellsOf(row).slice(0, 1)
  const cells = changed.map(name => ({
    name,
    value: shown(row[name]),
    ...(before[name] === null ? {} : { before: shown(before[name]) }),
  }))
  return [{ table, kind: 'changed', cells: [...whose, ...cells] }]
}

const cellsOf = (row: Row) =>
  Object.entries(row).flatMap(([name, value]) => (value === null || name === 'row' ? [] : [{ name, value: shown(value) }]))

/** Of a UUID the end: the beginning is the time, and the same for all of a moment. */
const shown = (value: unknown) =>
  value === null || value === undefined ? 'none' : String(value).replace(/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{8}/, '…')
