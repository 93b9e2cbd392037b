// Delivery reports in both dialects: reading a delivery with its invite, and changing its status if it is still the one read.
import type { Reported } from '../../../src/core.ts'
import { type Dialect, outgoing, type Parameter, type RawRow, selected } from './dialect.ts'
import { toInvite } from './invite-row.ts'
import { prefixed, unprefixed } from './outbox.ts'
import { toDelivery } from './rows.ts'
import type { Names } from './tables.ts'

/** A delivery ($1) with its invite. */
export const deliveryText = (dialect: Dialect, names: Names): string =>
  dialect.whole(
    `select ${selected({ ...prefixed('o', outgoing(dialect, 'outbox', 'o')), ...prefixed('i', outgoing(dialect, 'invites', 'i')) })} ` +
      `from ${names.outbox} o join ${names.invites} i on i.id = o.invite_id where o.id = $1 and o.kind = 'delivery'`,
  )

const message = unprefixed('o', 'outbox')
const invite = unprefixed('i', 'invites')

export function readReported(dialect: Dialect, row: RawRow): Reported {
  const { mark, ...rest } = message(row)
  return {
    delivery: toDelivery(rest),
    addressHash: mark === null ? null : String(mark),
    invite: toInvite(invite(row), dialect.fromJson),
  }
}

/** Parameters: id, status decided on, new status, failure, time. The message is no longer leased or due. */
export const movedText = (dialect: Dialect, { outbox }: Names): string =>
  `update ${outbox} set status = $3, failure = $4, updated_at = ${dialect.cast('$5', 'time')}, ` +
  `sent_at = coalesce(sent_at, ${dialect.cast('$5', 'time')}), due_at = null, lease_owner = null, leased_until = null ` +
  `where id = $1 and status = $2 and kind = 'delivery'`

interface Moved {
  readonly id: string
  readonly from: string
  readonly status: string
  readonly failure: string | null
  readonly at: Date
}

export const movedParameters = (dialect: Dialect, { id, from, status, failure, at }: Moved): readonly Parameter[] => [
  id,
  from,
  status,
  failure,
  dialect.time(at),
]
