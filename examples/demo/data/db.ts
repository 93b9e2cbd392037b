// The host's database as this app uses it: its own tables beside invitekit's, whatever database it is.
import type { MembersPort, Storage } from 'invitekit'
import type { Role } from '../app/people.ts'

export type Value = string | number | null
export type Row = Readonly<Record<string, Value>>

export interface Db<Tx> {
  readonly name: 'SQLite' | 'Postgres'
  /** How another process opens the same database. */
  readonly address: string
  /** For invitekit: its tables live in this database. */
  readonly storage: Storage<Tx>
  /** For invitekit: our members, written inside its transaction. */
  readonly members: MembersPort<Role, Tx>
  readonly query: (text: string, values?: readonly Value[]) => Promise<readonly Row[]>
  /** A transaction of our own, on a connection that nobody else uses meanwhile. */
  readonly transaction: <T>(work: (tx: Tx) => Promise<T>) => Promise<T>
  readonly close: () => Promise<void>
}

export const tables = [
  'create table if not exists users (id text primary key, email text not null unique, name text not null)',
  'create table if not exists sessions (id text primary key, user_id text not null)',
  `create table if not exists memberships (
    team_id text not null, user_id text not null, role text not null, primary key (team_id, user_id)
  )`,
  // What the race is run against: an invites table as it is often written.
  'create table if not exists naive_invites (race text not null, email text not null)',
]

/** The members port, in SQL. Emails are kept in lower case. */
export const sql = {
  add: 'insert into memberships (team_id, user_id, role) values ($1, $2, $3)',
  count: 'select count(*) as n from memberships where team_id = $1',
  find: `select m.user_id, m.role from memberships m join users u on u.id = m.user_id
    where m.team_id = $1 and (m.user_id = $2 or u.email = $3)`,
}
