// What the suite asks of a library: its own pool, its own transactions, and its own way to write the host's table.
import type { Storage } from 'invitekit'
import type { PostgresOptions } from 'invitekit/postgres'

export const levels = ['read committed', 'repeatable read', 'serializable'] as const
export type Level = (typeof levels)[number]

export interface Seat {
  readonly organizationId: string
  readonly userId: string
}

export interface Library<Tx> {
  readonly name: string
  /** Opens the library on a database. */
  readonly open: (url: string, connections: number) => Opened<Tx>
  /** The SQLSTATE of an error as this library throws it. */
  readonly stateOf: (error: unknown) => unknown
}

export interface Opened<Tx> {
  readonly storage: (options?: Omit<PostgresOptions, 'prepare'>) => Storage<Tx>
  /** Commits when `work` returns, rolls back when it throws. */
  readonly transaction: <T>(work: (tx: Tx) => Promise<T>, level?: Level) => Promise<T>
  /** Into `team_members (organization, person)`: in the transaction, or by the pool. What the library returns, as it is. */
  readonly add: (seat: Seat, tx?: Tx) => PromiseLike<unknown>
  readonly count: (organizationId: string, tx?: Tx) => Promise<number>
  readonly has: (seat: Seat, tx?: Tx) => Promise<boolean>
  /** Any statement. */
  readonly run: (text: string, tx: Tx) => PromiseLike<unknown>
  readonly close: () => Promise<void>
}

export const createTable = 'create table team_members (organization text, person text, primary key (organization, person))'

/** A property of an error, or of what it carries. */
export const field = (error: unknown, ...path: readonly string[]): unknown =>
  path.reduce<unknown>(
    (value, key) => (typeof value === 'object' && value !== null ? Reflect.get(value, key) : undefined),
    error,
  )
