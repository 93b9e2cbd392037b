// Lists of what is not an invite: its history and deliveries, and the organization's members.
import { sql } from 'kysely'
import type { Lists } from '../../../src/index.ts'
import { createBuilder, type Setup } from './builder.ts'
import { outgoing, selected } from './dialect.ts'
import { decode, toDelivery, toEvent, toMember } from './rows.ts'

type OtherLists<Tx> = Pick<Lists<Tx>, 'deliveries' | 'history' | 'members'>

export function createOtherLists<Tx>(setup: Setup<Tx>): OtherLists<Tx> {
  const { from, columns, rows, id, count } = createBuilder(setup)
  const { dialect, names, run } = setup
  // Any number of ids is one parameter, and one text.
  const deliveriesText = dialect.whole(
    `select ${selected(outgoing(dialect, 'outbox', 'x'))} from ${names.outbox} x
     where ${dialect.among('x.invite_id', dialect.each('$1', 'ids', 'id'))} and x.kind = 'delivery' order by x.seq`,
  )
  return {
    async deliveries(ids, tx) {
      const answer = await run(deliveriesText, [JSON.stringify({ ids })], tx)
      return dialect.rowsOf(answer).map(row => toDelivery(decode(dialect, 'outbox', row)))
    },

    async history({ organizationId, id: inviteId, after, limit }, tx) {
      const lines = from('events')
        .select(columns('events'))
        .where('x.invite_id', '=', id(inviteId))
        .where('x.organization_id', '=', organizationId)
        .where('x.seq', '>', count(after ?? 0))
      return (await rows(lines.orderBy('x.seq').limit(count(limit)), tx)).map(row => toEvent(decode(dialect, 'events', row)))
    },

    async members({ organizationId, limit, after }, tx) {
      const user = sql<string>`${sql.raw(dialect.bytewise('x.user_id'))}`
      const all = from('members')
        .select(columns('members'))
        .where('x.organization_id', '=', organizationId)
        .where(sql<boolean>`x.removed = ${sql.raw(String(dialect.flag(false)))}`)
      const rest = after === null ? all : all.where(user, '>', after)
      return (await rows(rest.orderBy(user).limit(count(limit)), tx)).map(row => toMember(decode(dialect, 'members', row)))
    },
  }
}
