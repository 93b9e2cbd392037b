// The tables in memory: one map each, and drafts of all of them that are applied or dropped as a whole.
import type {
  DeliveryStatus,
  DisabledSink,
  EventRow,
  IdempotencyRecord,
  InviteRecord,
  MemberRow,
  MessageRow,
  TemplateRecord,
  Use,
} from '../../../src/core.ts'

/** A `Map`, or a layer over another table. Rows are replaced, never changed in place. */
export interface Table<Row> {
  get(key: string): Row | undefined
  set(key: string, row: Row): unknown
  delete(key: string): unknown
  entries(): Iterable<readonly [string, Row]>
}

export type OwnedMember = MemberRow & { readonly organizationId: string }
export type OwnedIdempotencyRecord = IdempotencyRecord & { readonly organizationId: string }
export type SequencedEvent = EventRow & { readonly sequence: number }

export interface StoredMessage extends MessageRow {
  readonly status: DeliveryStatus
  readonly attempts: number
  /** Leases that expired unsettled since the last attempt ended; null: none. */
  readonly lapses: number | null
  readonly providerId: string | null
  readonly failure: string | null
  readonly updatedAt: Date
  readonly sentAt: Date | null
  readonly dueAt: Date
  /** Who leases it, or let the lease lapse, and until when on this machine's monotonic clock. */
  readonly held: { readonly owner: string; readonly until: number } | null
}

export interface SuppressedAddress {
  readonly organizationId: string
  readonly addressHash: string
  readonly at: Date
}

export interface Tables {
  /** By organization. */
  readonly revisions: Table<number>
  readonly invites: Table<InviteRecord>
  readonly uses: Table<Use>
  readonly members: Table<OwnedMember>
  readonly kept: Table<OwnedIdempotencyRecord>
  /** In the order of their sequence, since rows are only added. */
  readonly events: Table<SequencedEvent>
  readonly messages: Table<StoredMessage>
  readonly suppressions: Table<SuppressedAddress>
  /** By name. */
  readonly endpoints: Table<DisabledSink>
  readonly templates: Table<TemplateRecord>
  /** The last number given, by name. */
  readonly numbers: Table<number>
}

export const createTables = (): Tables => ({
  revisions: new Map(),
  invites: new Map(),
  uses: new Map(),
  members: new Map(),
  kept: new Map(),
  events: new Map(),
  messages: new Map(),
  suppressions: new Map(),
  endpoints: new Map(),
  templates: new Map(),
  numbers: new Map(),
})

const draftOf = (tables: Tables) => ({
  revisions: layer(tables.revisions),
  invites: layer(tables.invites),
  uses: layer(tables.uses),
  members: layer(tables.members),
  kept: layer(tables.kept),
  events: layer(tables.events),
  messages: layer(tables.messages),
  suppressions: layer(tables.suppressions),
  endpoints: layer(tables.endpoints),
  templates: layer(tables.templates),
  numbers: layer(tables.numbers),
})

/** One writer at a time. */
export type Write = <T>(work: () => T | Promise<T>) => Promise<T>

/** All or nothing: what `work` writes is applied to `tables` when it returns, and dropped when it throws. */
export async function inDraft<T>(tables: Tables, work: (draft: Tables) => T | Promise<T>): Promise<T> {
  const draft = draftOf(tables)
  const result = await work(draft)
  for (const table of Object.values(draft)) table.apply()
  return result
}

/** A key of two parts, which no other two parts share. */
export const keyOf = (a: string, b: string): string => JSON.stringify([a, b])

/** The rows of a table, in the order in which they were first written. */
export function* rows<Row>(table: Table<Row>): Generator<Row> {
  for (const [, row] of table.entries()) yield row
}

const gone = Symbol('gone')

function layer<Row>(under: Table<Row>): Table<Row> & { apply(): void } {
  const written = new Map<string, Row | typeof gone>()
  const get = (key: string) => {
    const row = written.get(key)
    return row === gone ? undefined : (row ?? under.get(key))
  }
  return {
    get,
    set: (key, row) => written.set(key, row),
    delete: key => written.set(key, gone),
    *entries() {
      for (const [key] of under.entries()) {
        const row = get(key)
        if (row !== undefined) yield [key, row]
      }
      for (const [key, row] of written) {
        if (row !== gone && under.get(key) === undefined) yield [key, row]
      }
    },
    apply() {
      for (const [key, row] of written) {
        if (row === gone) under.delete(key)
        else under.set(key, row)
      }
    },
  }
}
