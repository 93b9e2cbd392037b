// Disabled sinks: three statements, the same for both dialects.
import type { DisabledSinks } from '../../../src/core.ts'
import { type Dialect, outgoing, type Run, selected } from './dialect.ts'
import { disabledSinks } from './rows.ts'
import type { Names } from './tables.ts'

interface Setup<Tx> {
  readonly dialect: Dialect
  readonly names: Names
  readonly read: Run<Tx>
  /** In a transaction of its own. */
  readonly write: Run<never>
}

export function createDisabledSinks<Tx>({ dialect, names, read, write }: Setup<Tx>): DisabledSinks<Tx> {
  const { endpoints } = names
  const disableText = `insert into ${endpoints} (name, disabled_at, reason) values ($1, ${dialect.cast('$2', 'time')}, $3)
    on conflict (name) do nothing returning name`
  const disabledText = dialect.whole(
    `select ${selected(outgoing(dialect, 'endpoints', 'x'))} from ${endpoints} x order by ${dialect.bytewise('x.name')}`,
  )
  return {
    disable: async ({ name, disabledAt, reason }) =>
      (await write(disableText, [name, dialect.time(disabledAt), reason])).length > 0,
    enable: async name => (await write(`delete from ${endpoints} where name = $1 returning name`, [name])).length > 0,
    async list(tx) {
      return dialect.rowsOf(await read(disabledText, [], tx)).map(row => disabledSinks.fromRow(dialect, row))
    },
  }
}
