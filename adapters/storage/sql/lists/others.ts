// Lists of deliveries, an invite's history, and an organization's members.
import { sql } from 'kysely'
import type { Lists } from '../../../../src/core.ts'
import { selected } from '../dialect.ts'
import { deliveryOf, deliverySelection, events, members } from '../rows.ts'
import { bound, createBuilder, type Setup } from './builder.ts'

type OtherLists<Tx> = Pick<Lists<Tx>, 'deliveries' | 'history' | 'members'>

export function createOtherLists<Tx>(setup: Setup<Tx>): OtherLists<Tx> {
  const { from, columns, rows } = createBuilder(setup)
  const { dialect, names, tuples } = setup
  // The ids are one JSON parameter, so that one text serves any number of them.
  const deliveriesText = dialect.tuples(
    `select ${selected(dialect.tuple(deliverySelection(dialect)))} from ${names.outbox} x
     where ${dialect.among('x.invite_id', dialect.each('$1', 'ids', 'id'))} and x.kind = 'delivery' order by x.seq`,
  )
  return {
    async deliveries(ids, tx) {
      return (await tuples(deliveriesText, [JSON.stringify({ ids })], tx)).map(deliveryOf)
    },

    async history({ organizationId, id, after, limit }, tx) {
      const compose = () =>
        from('events')
          .select(columns(events.columns(dialect)))
          .where('x.invite_id', '=', bound<string>(dialect, 'id', 'id'))
          .where('x.organization_id', '=', 'organization')
          .where('x.seq', '>', bound<number>(dialect, 'after', 'int'))
          .orderBy('x.seq')
          .limit(bound<number>(dialect, 'limit', 'int'))
      const values = { id, organization: organizationId, after: after ?? 0, limit }
      return (await rows({ shape: 'history', compose, values }, tx)).map(tuple => events.fromTuple(dialect, tuple))
    },

    async members({ organizationId, limit, after }, tx) {
      const compose = () => {
        const user = sql<string>`${sql.raw(dialect.bytewise('x.user_id'))}`
        const all = from('members')
          .select(columns(members.columns(dialect)))
          .where('x.organization_id', '=', 'organization')
          .where(sql<boolean>`x.removed = ${sql.raw(String(dialect.flag(false)))}`)
        const rest = after === null ? all : all.where(user, '>', 'after')
        return rest.orderBy(user).limit(bound<number>(dialect, 'limit', 'int'))
      }
      const values = { organization: organizationId, limit, after }
      const page = await rows({ shape: `members ${after === null}`, compose, values }, tx)
      return page.map(tuple => members.fromTuple(dialect, tuple))
    },
  }
}
