// Locks an organization's row, or bumps its revision unconditionally.
import type { Parameter, RawRow } from '../../sql/dialect.ts'
import type { Names } from '../../sql/tables.ts'
import { lockText } from './commit.ts'

type Query = (text: string, parameters: readonly Parameter[]) => Promise<readonly RawRow[]>

export function createLock({ scopes }: Names, lockTimeout: string) {
  // $2 is not used, so that the lock timeout is $3 in every text.
  const bump = `with ${lockText} insert into ${scopes} as s (organization_id, revision) select $1, 1 from own, (select cast($2 as text)) unused
on conflict (organization_id) do update set revision = s.revision + 1`
  const select = `with ${lockText} select cast(s.revision as text) as revision from own, ${scopes} s, (select cast($2 as text)) unused
where s.organization_id = $1 for update of s`
  const insert = `insert into ${scopes} (organization_id, revision) values ($1, 0) on conflict do nothing`
  return {
    bumpText: bump,
    /** Locks until the transaction ends. One statement, or three the first time. */
    async take(organizationId: string, query: Query): Promise<void> {
      const parameters = [organizationId, null, lockTimeout]
      if ((await query(select, parameters)).length > 0) return
      await query(insert, [organizationId])
      await query(select, parameters)
    },
  }
}
