// What the memory keeps: one map for each table, and drafts over them that are taken over or dropped as a whole.
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

/** A `Map` is one; so is a layer over another table. Rows are replaced, never changed in place. */
export interface Table<Row> {
  get(key: string): Row | undefined
  set(key: string, row: Row): unknown
  delete(key: string): unknown
  entries(): Iterable<readonly [string, Row]>
}

export type OwnedMember = MemberRow & { readonly organizationId: string }
export type OwnedKept = IdempotencyRecord & { readonly organizationId: string }
export type SequencedEvent = EventRow & { readonly sequence: number }

export interface StoredMessage extends MessageRow {
  readonly status: DeliveryStatus
  readonly attempts: number
  /** Null: it has not lapsed since its last try ended. */
  readonly lapses: number | null
  readonly providerId: string | null
  readonly failure: string | null
  readonly updatedAt: Date
  readonly sentAt: Date | null
  readonly dueAt: Date
  /** Who holds it, or let it lapse, and until when on this machine's steady clock. */
  readonly held: { readonly owner: string; readonly until: number } | null
}

export interface SuppressedMark {
  readonly organizationId: string
  readonly mark: string
  readonly at: Date
}

export interface Tables {
  /** By organization. */
  readonly revisions: Table<number>
  readonly invites: Table<InviteRecord>
  readonly uses: Table<Use>
  readonly members: Table<OwnedMember>
  readonly kept: Table<OwnedKept>
  /** In the order of their sequence, as long as rows are only added. */
  readonly events: Table<SequencedEvent>
  readonly messages: Table<StoredMessage>
  readonly suppressions: Table<SuppressedMark>
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

/** All or nothing: what `work` writes shows in `tables` when it returns, in one step; when it throws, never. */
export async function inDraft<T>(tables: Tables, work: (draft: Tables) => T | Promise<T>): Promise<T> {
  const draft = draftOf(tables)
  const result = await work(draft)
  for (const table of Object.values(draft)) table.settle()
  return result
}

/** A key of two parts; no text in one can pass for the other. */
export const keyOf = (a: string, b: string): string => JSON.stringify([a, b])

/** The rows of a table, in the order in which they were first written. */
export function* rows<Row>(table: Table<Row>): Generator<Row> {
  for (const [, row] of table.entries()) yield row
}

const gone = Symbol('gone')

function layer<Row>(under: Table<Row>): Table<Row> & { settle(): void } {
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
    settle() {
      for (const [key, row] of written) {
        if (row === gone) under.delete(key)
        else under.set(key, row)
      }
    },
  }
}
