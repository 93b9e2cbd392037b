// What the storage contract is run on, and the few words that its tests are written in.
import { afterAll, beforeAll } from 'vitest'
import type { InviteRecord } from '../../../src/domain/invite.ts'
import type { Changes, Committed } from '../../../src/ports/storage/changes.ts'
import type { Facts, FactsQuery } from '../../../src/ports/storage/facts.ts'
import type { Storage } from '../../../src/ports/storage/storage.ts'
import { changes, organization, question } from '../../support/make.ts'

/** An empty store, migrated. */
export interface Subject<Tx> {
  readonly storage: Storage<Tx>
  /** Runs `work` in a transaction that the host began: committed when it returns, rolled back when it throws. */
  readonly transaction?: (<T>(work: (tx: Tx) => Promise<T>) => Promise<T>) | undefined
  readonly close: () => Promise<void>
}

export type Make<Tx> = () => Promise<Subject<Tx>>

/** What this kind of store can do beyond the rest; each is held to it. */
export interface Traits {
  /** A host can bring its transaction: `transaction` is offered. */
  readonly joins: boolean
  /** `beforeCommit` may be asynchronous. Without it, it must be synchronous, and a promise is refused. */
  readonly awaits: boolean
  /** It has `withLock`. */
  readonly locks: boolean
}

/** One store for all tests of a file: they do not meet, for each has an organization of its own. */
export function useSubject<Tx>(make: Make<Tx>): () => Subject<Tx> {
  let subject: Subject<Tx> | undefined
  beforeAll(async () => {
    subject = await make()
  })
  afterAll(() => subject?.close())
  return () => {
    if (!subject) throw new Error('the store is there only while a test runs')
    return subject
  }
}

/** One organization in one store. `commit` and `write` go on from the revision that the last of them made. */
export interface Room<Tx> {
  readonly storage: Storage<Tx>
  readonly org: string
  /** Commits at the revision that is true now, and expects that to succeed. */
  readonly write: (fields: Partial<Changes>, tx?: Tx) => Promise<void>
  readonly ask: (fields?: Partial<FactsQuery>, tx?: Tx) => Promise<Facts>
  readonly get: (invite: Pick<InviteRecord, 'id'>, tx?: Tx) => Promise<InviteRecord | undefined>
  readonly revision: (tx?: Tx) => Promise<number>
}

export function roomIn<Tx>({ storage }: Subject<Tx>, org: string = organization()): Room<Tx> {
  const ask = (fields: Partial<FactsQuery> = {}, tx?: Tx) => storage.read(question(org, fields), tx)
  const revision = async (tx?: Tx) => (await ask({}, tx)).revision
  return {
    storage,
    org,
    ask,
    revision,
    get: async ({ id }, tx) => (await ask({ ids: [id] }, tx)).invites.find(invite => invite.id === id),
    async write(fields, tx) {
      const result = await storage.commit(changes(org, await revision(tx), fields), tx === undefined ? {} : { tx })
      if (result !== 'committed') throw new Error(`the commit answered ${result}`)
    },
  }
}

/**
 * The backstop of the database, at a revision that was right: it throws, or calls it a conflict (which the caller then
 * tries again, in vain). Which of the two is the store's to choose; that nothing is written is not.
 */
export const isRefused = async (commit: Promise<Committed>): Promise<boolean> =>
  (await commit.catch(() => 'thrown')) !== 'committed'

export const sleep = (ms: number): Promise<void> => new Promise(resolve => setTimeout(resolve, ms))

/** Everything of one organization that can be seen, for telling whether anything was written. */
export async function portrait<Tx>(room: Room<Tx>, fields: Partial<FactsQuery>): Promise<unknown> {
  const { storage, org } = room
  const facts = await room.ask({ pending: 1000, seats: 1000, ...fields })
  const ids = fields.ids ?? []
  const histories = await Promise.all(
    ids.map(id => storage.lists.history({ organizationId: org, id, after: null, limit: 1000 })),
  )
  return {
    ...facts,
    now: null,
    histories,
    deliveries: await storage.lists.deliveries(ids),
    roster: await storage.lists.members({ organizationId: org, limit: 1000, after: null }),
  }
}
