// A host of the suite: an app with its own member table, through one library, counted by plain SQL beside it.
import {
  createInvites,
  type Invites,
  type InvitesOptions,
  isInviteError,
  type JsonObject,
  type MembersPort,
  type RoleRules,
} from 'invitekit'
import type { PostgresOptions } from 'invitekit/postgres'
import { afterAll, beforeAll } from 'vitest'
import { organization } from '../support/make.ts'
import { type Database, freshDatabase } from '../support/postgres.ts'
import { createTable, type Library, type Opened } from './libraries/library.ts'

const tables = ['invite_invites', 'invite_events', 'invite_outbox', 'invite_members', 'team_members'] as const
export type Counts = Readonly<Record<(typeof tables)[number], number>>

export interface App<Tx> extends Opened<Tx> {
  readonly invites: Invites<string, Tx>
  readonly members: MembersPort<string, Tx>
  /** Addresses that a mail was sent to. */
  readonly mails: readonly string[]
}

export type AppOptions<Tx> = Partial<Pick<InvitesOptions<Tx, RoleRules>, 'limits' | 'members'>> & {
  readonly connections?: number
  readonly storageOptions?: Omit<PostgresOptions, 'prepare'>
}

export interface Host<Tx> {
  readonly database: () => Database
  readonly open: (options?: AppOptions<Tx>) => Promise<App<Tx>>
  /** Rows of one organization, by table. */
  readonly rows: (organizationId: string) => Promise<Counts>
}

export const keys = ['11'.repeat(32)] as const

export function useHost<Tx>(library: Library<Tx>): Host<Tx> {
  let database: Database
  const opened: App<Tx>[] = []
  beforeAll(async () => {
    database = await freshDatabase()
    await database.pool.query(createTable)
  })
  afterAll(async () => {
    for (const { invites, close } of opened) await invites.close().then(close)
    await database.drop()
  })

  async function open({ connections = 10, storageOptions, ...options }: AppOptions<Tx> = {}): Promise<App<Tx>> {
    const db = library.open(database.url, connections)
    const members = portOf(db)
    const mails: string[] = []
    const invites = createInvites<Tx, RoleRules, JsonObject, boolean>({
      keys,
      publicUrl: 'https://app.example.com/invites',
      relay: { inline: false },
      transports: { email: { send: async ({ to }) => void mails.push(to) } },
      members,
      ...options,
      storage: db.storage(storageOptions),
    })
    await invites.migrate()
    opened.push({ ...db, invites, members, mails })
    return { ...db, invites, members, mails }
  }

  async function rows(organizationId: string): Promise<Counts> {
    const count = async (table: string) => {
      const column = table === 'team_members' ? 'organization' : 'organization_id'
      const { rows } = await database.pool.query(`select count(*) from ${table} where ${column} = $1`, [organizationId])
      return [table, Number(rows[0].count)] as const
    }
    return Object.fromEntries(await Promise.all(tables.map(count))) as Counts
  }

  return { database: () => database, open, rows }
}

const portOf = <Tx>({ add, count, has }: Opened<Tx>): MembersPort<string, Tx> => ({
  add: async (seat, tx) => void (await add(seat, tx)),
  count: (organizationId, tx) => count(organizationId, tx),
  find: async ({ organizationId, userId }, tx) =>
    userId !== undefined && (await has({ organizationId, userId }, tx)) ? { userId, role: 'member' } : null,
})

/** One organization, and the calls that its tests make. */
export function orgOf<Tx>({ invites }: Pick<App<Tx>, 'invites'>, organizationId = organization()) {
  const system = { actor: 'system', organizationId } as const
  return {
    organizationId,
    create: (email: string, tx?: Tx) => invites.create({ recipient: { email }, role: 'member' }, { ...system, tx }),
    accept: (token: string, email: string, tx?: Tx) =>
      invites.accept({ token }, { actor: { userId: email, email, emailVerified: true }, tx }),
  }
}

export const tokenOf = ({ link }: { readonly link: string }): string => link.split('/').at(-1) ?? ''

/** How each call ended: `ok`, or the code of its InviteError; anything else is thrown. */
export async function endsOf(calls: readonly Promise<unknown>[]): Promise<Readonly<Record<string, number>>> {
  const ends = (await Promise.allSettled(calls)).map(end => {
    if (end.status === 'fulfilled') return 'ok'
    if (isInviteError(end.reason)) return end.reason.code
    throw end.reason
  })
  return Object.fromEntries([...new Set(ends)].map(end => [end, ends.filter(each => each === end).length]))
}
