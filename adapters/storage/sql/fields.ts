// The field of a record that each column holds: the column's name in camel case, with two exceptions.
import type { Row, TableName } from './tables.ts'

/** Columns whose field has another name. */
const renamed = { events: { seq: 'sequence' }, outbox: { mark: 'addressHash' } } as const

type Camel<C extends string> = C extends `${infer Head}_${infer Tail}` ? `${Head}${Capitalize<Camel<Tail>>}` : C

export type FieldOf<T extends TableName, C extends string> = typeof renamed extends {
  readonly [K in T]: { readonly [D in C]: infer F extends string }
}
  ? F
  : Camel<C>

/** A row's values by field. */
export type Fields<T extends TableName> = { readonly [C in keyof Row<T> & string as FieldOf<T, C>]: Row<T>[C] }

export function fieldOf(table: TableName, column: string): string {
  const exceptions: Readonly<Record<string, Readonly<Record<string, string>>>> = renamed
  return exceptions[table]?.[column] ?? column.replace(/_(\w)/g, (_, letter: string) => letter.toUpperCase())
}
