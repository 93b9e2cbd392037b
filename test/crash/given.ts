// Invites in this process on a store of their own, with the transport that a test hands in and a clock that it moves.
import {
  createInvites,
  type InviteEvent,
  type Invites,
  type InvitesOptions,
  type RelayOptions,
  type Transport,
} from 'invitekit'
import { onTestFinished } from 'vitest'
import { createClock } from '../../adapters/testing/clock.ts'
import { type Store, storageAt, stores } from '../races/stores.ts'

export interface Setting {
  readonly transport: Transport['send'] | Transport
  readonly kind?: 'sqlite' | 'postgres'
  readonly relay?: RelayOptions
  readonly options?: Partial<InvitesOptions<never>>
}

export async function given({ kind = 'sqlite', ...setting }: Setting) {
  const store = await stores[kind]()
  onTestFinished(() => store.drop())
  return { store, ...openOn(store, setting) }
}

/** Another process of the same application would do the same. */
export function openOn(store: Store, { transport, relay, options }: Omit<Setting, 'kind'>) {
  const clock = createClock(new Date())
  const errors: string[] = []
  const events: InviteEvent[] = []
  const { storage, end } = storageAt(store.place)
  const invites = createInvites({
    keys: ['11'.repeat(32)],
    publicUrl: 'https://app.example.com/invites',
    transports: { email: typeof transport === 'function' ? { send: transport } : transport },
    onError: (error: unknown) => void errors.push(error instanceof Error ? error.message : String(error)),
    clock: clock.now,
    relay: { inline: false, ...relay },
    storage,
    ...options,
  } as InvitesOptions<never>) as unknown as Invites<string, never>
  invites.on('*', event => void events.push(event))
  onTestFinished(async () => {
    await invites.close()
    await end()
  })
  const invite = (name = 'ada', tx?: never) =>
    invites.create(
      { recipient: { email: `${name}@example.com` }, role: 'member' },
      { actor: 'system', organizationId: 'acme', ...(tx === undefined ? {} : { tx }) },
    )
  const deliveries = async () =>
    (await store.rows(`select * from invite_outbox where kind = 'delivery' order by seq`)).map(row => ({
      id: String(row['id']),
      status: row['status'],
      attempts: Number(row['attempts']),
      failure: row['failure'],
      dueAt: row['due_at'] === null ? null : new Date(row['due_at'] as number | string),
    }))
  return { invites, clock, errors, events, invite, deliveries }
}

/** Past every backoff. */
export const later = '2h'

/** A transport that notes what it is given, and answers when it is told to. */
export function noting(answer: (nth: number) => Promise<unknown> | unknown = () => undefined) {
  const ids: string[] = []
  const send: Transport['send'] = async ({ id }) => {
    ids.push(id)
    await answer(ids.length)
    return {}
  }
  return { ids, send }
}

/** Opened by the test. */
export function gate() {
  let open = () => {}
  const passed = new Promise<void>(resolve => {
    open = resolve
  })
  return { passed, open }
}
