// Race: 64 invites at once on a limit of 10, through the library and as it is often written.
import { isInviteError } from 'invitekit'
import type { Db } from '../data/db.ts'
import type { Finding } from '../stage/ledger.ts'
import type { Props } from './pages.ts'

const limit = 10
const racers = Array.from({ length: 64 }, (_, index) => `racer${index + 1}@example.com`)

export async function race<Tx>({ invites, db, ledger }: Props<Tx>): Promise<void> {
  // An organization for each race, with nothing in it; its limit is `pending: 10`, see server.ts.
  const organizationId = `race-${Date.now()}`
  const context = { actor: 'system', organizationId } as const
  const call = `// 64 at once, limits: { pending: 10 }
await Promise.all(racers.map(email =>
  invites.create(
    { recipient: { email }, role: 'member',
      send: false },
    { actor: 'system', organizationId },
  )))`

  const told = { who: 'Race', title: 'invitekit', call }
  await ledger.record(
    told,
    async () => {
      const all = racers.map(email => invites.create({ recipient: { email }, role: 'member', send: false }, context))
      const results = await Promise.allSettled(all)
      const codes = results.map(each =>
        each.status === 'fulfilled' ? 'created' : isInviteError(each.reason) ? each.reason.code : 'error',
      )
      const rows = await count(db, 'select count(*) as n from invite_invites where organization_id = $1', organizationId)
      return { codes, rows }
    },
    result => ({ answer: result && tally(result.codes), findings: result ? [finding(result.rows, 'invite_invites')] : [] }),
  )

  const naive = `// 64 at once
const { n } = await query('select count(*) …')
if (n < 10) await query('insert …')`
  await ledger.record(
    { who: 'Race', title: 'count, then insert', call: naive },
    async () => {
      const codes = await Promise.all(racers.map(email => insertNaively(db, organizationId, email)))
      return { codes, rows: await count(db, 'select count(*) as n from naive_invites where race = $1', organizationId) }
    },
    result => ({ answer: result && tally(result.codes), findings: result ? [finding(result.rows, 'naive_invites')] : [] }),
  )
}

/** Correct for one call at a time. Concurrent calls all count before any of them inserts. */
async function insertNaively<Tx>(db: Db<Tx>, race: string, email: string): Promise<string> {
  const taken = await count(db, 'select count(*) as n from naive_invites where race = $1', race)
  if (taken >= limit) return 'refused'
  await db.query('insert into naive_invites (race, email) values ($1, $2)', [race, email])
  return 'created'
}

const count = async <Tx>(db: Db<Tx>, text: string, race: string) => Number((await db.query(text, [race]))[0]?.['n'])

const finding = (rows: number, table: string): Finding => ({
  text: `${rows} rows in ${table}, ${limit} allowed`,
  verdict: rows === limit ? 'good' : 'bad',
})

function tally(codes: readonly string[]): string {
  const kinds = [...new Set(codes)]
  return kinds.map(kind => `${codes.filter(code => code === kind).length} ${kind}`).join(', ')
}
