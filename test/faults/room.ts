// Invites over a database that fails: what the tests of faults begin with.
import { type Invites, isInviteError, type Storage } from 'invitekit'
import { postgresStorage } from 'invitekit/postgres'
import pg from 'pg'
import { onPostgres } from '../races/hostmembers.ts'
import { invitesOver, type Place, type Store } from '../races/stores.ts'
import { organization } from '../support/make.ts'

export interface Path {
  readonly pool: pg.Pool
  readonly storage: Storage<pg.PoolClient>
  readonly invites: Invites
  /** The same with members in `host_members`. */
  readonly hosted: Invites
}

/** A way to the database at `url`, ended after the test. */
export function pathTo(url: string, { lockTimeout = 3_000, acquireTimeout = 2_000, ...config }: PathOptions = {}): Path {
  const pool = new pg.Pool({ connectionString: url, max: 4, ...config })
  pool.on('error', () => {})
  const storage = postgresStorage({ pool, lockTimeout, acquireTimeout, prepare: false })
  const over = storage as never
  return {
    pool,
    storage,
    invites: invitesOver(over, { limits: { pending: 10 } }),
    hosted: invitesOver(over, { members: onPostgres(pool) as never }),
  }
}

interface PathOptions extends pg.PoolConfig {
  readonly lockTimeout?: number
  readonly acquireTimeout?: number
}

/** An organization of its own, with the system as its actor. */
export function system() {
  const organizationId = organization()
  return { actor: 'system', organizationId } as const
}

/** Where a Postgres store is. */
export const urlOf = ({ place }: { readonly place: Place }): string => (place.kind === 'postgres' ? place.url : '')

export const ada = { userId: 'ada', email: 'ada@example.com', emailVerified: true } as const

export const invite = (invites: Invites, context: ReturnType<typeof system>, email: string = ada.email) =>
  invites.create({ recipient: { email }, role: 'member' }, context)

export const tokenOf = (link: string) => link.split('/').at(-1) ?? ''

/** `ok`, or the code of the refusal. */
export const endOf = (call: Promise<unknown>): Promise<string> =>
  call.then(
    () => 'ok',
    (error: unknown) => (isInviteError(error) ? error.code : String(error)),
  )

/** How long it took, in milliseconds. */
export async function timed<T>(work: () => Promise<T>): Promise<readonly [T, number]> {
  const since = performance.now()
  const result = await work()
  return [result, performance.now() - since]
}

export async function count({ rows }: Store, from: string): Promise<number> {
  const [row] = await rows(`select count(*) as count from ${from}`)
  return Number(row?.['count'])
}
