// The counts of one organization's summary, in one statement for both dialects.
import type { Counts } from '../../../../src/core.ts'
import type { Dialect } from '../dialect.ts'
import type { Names } from '../tables.ts'
import type { Setup } from './builder.ts'

interface SummaryQuery {
  readonly organizationId: string
  readonly now: Date
  readonly since: Date
}

interface Raw {
  readonly statuses: readonly { readonly status: keyof Counts['statuses']; readonly count: number }[]
  readonly members: number
  readonly problems: number
  readonly days: Counts['days']
}

export async function summaryOf<Tx>({ dialect, names, run }: Setup<Tx>, query: SummaryQuery, tx?: Tx): Promise<Counts> {
  const parameters = [query.organizationId, dialect.time(query.now), dialect.time(query.since)]
  const [answer] = await run(summaryText(dialect, names), parameters, tx)
  const { statuses, ...rest }: Raw = JSON.parse(String(answer?.['json']))
  const none = { pending: 0, accepted: 0, declined: 0, revoked: 0, expired: 0 }
  return { ...rest, statuses: { ...none, ...Object.fromEntries(statuses.map(({ status, count }) => [status, count])) } }
}

function summaryText(dialect: Dialect, names: Names): string {
  const { array, cast, day, flag, object } = dialect
  const standing = `case when status = 'pending' and expires_at <= ${cast('$2', 'time')} then 'expired' else status end`
  const counted = (table: string, rest: string) => `(select count(*) from ${table} where organization_id = $1 and ${rest})`
  const text = object([
    [
      'statuses',
      array({ status: standing, count: 'count(*)' }, `from ${names.invites} where organization_id = $1 group by ${standing}`),
    ],
    ['members', counted(names.members, `removed = ${flag(false)}`)],
    ['problems', counted(names.outbox, "status in ('failed', 'bounced', 'complained')")],
    [
      'days',
      array(
        { day: day('at'), type: 'type', count: 'count(*)' },
        `from ${names.events} where organization_id = $1 and at >= ${cast('$3', 'time')} group by ${day('at')}, type order by 1, 2`,
      ),
    ],
  ])
  return `select ${dialect.jsonText(text)} as json`
}
