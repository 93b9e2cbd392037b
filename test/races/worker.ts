// One process of a race: told its calls, it says that it is ready, and at the start makes all of them at once.
import type { Invites } from 'invitekit'
import type { Call, Ends, Setting } from './calls.ts'
import { perform } from './calls.ts'
import { onPostgres, onSqlite } from './hostmembers.ts'
import { type Joiner, joinerOf } from './joining.ts'
import { followUps, invitesOver, type OpenStorage, type Place, storageAt } from './stores.ts'
import { unguarded } from './unguarded.ts'

/** One organization's part of a round. */
export interface Part {
  readonly setting: Setting
  readonly calls: readonly Call[]
}
export type Order =
  | { readonly type: 'prepare'; readonly place: Place; readonly parts: readonly Part[] }
  | { readonly type: 'go' }
  | { readonly type: 'end' }
export type Report =
  | { readonly type: 'up' | 'ready' }
  | { readonly type: 'done'; readonly ends: readonly (readonly Ends[])[] }
  | { readonly type: 'failed'; readonly stack: string }

interface Opened extends OpenStorage {
  readonly join: Joiner
  readonly invites: Map<string, Invites>
}

const opened = new Map<string, Opened>()
let start = async (): Promise<readonly (readonly Ends[])[]> => []
const tell = (report: Report) => void process.send?.(report)

function openedAt(place: Place): Opened {
  const key = JSON.stringify(place)
  const known = opened.get(key)
  if (known) return known
  const storage = storageAt(place)
  const fresh = { ...storage, join: joinerOf(place, storage.pool), invites: new Map() }
  opened.set(key, fresh)
  return fresh
}

function invitesFor(
  { storage, pool, invites }: Opened,
  { limits, hostMembers, unguarded: bare, followUps: follows }: Setting,
): Invites {
  const key = JSON.stringify([limits, hostMembers, bare, follows])
  const members = hostMembers ? { members: (pool ? onPostgres(pool) : onSqlite) as never } : {}
  const made =
    invites.get(key) ?? invitesOver(bare ? unguarded(storage) : storage, { limits, ...members, ...(follows ? followUps : {}) })
  invites.set(key, made)
  return made
}

async function prepare(place: Place, parts: readonly Part[]): Promise<void> {
  const open = openedAt(place)
  const work = parts.map(({ setting, calls }) => ({ calls, setting, invites: invitesFor(open, setting) }))
  // The first connection is there before the race; the tables may not be.
  await open.storage.find({ codeHashes: [] }).catch(() => {})
  for (const { calls, invites } of work) await Promise.all(calls.map((call, index) => index % 2 === 0 && show(invites, call)))
  start = () =>
    Promise.all(
      work.map(({ calls, setting, invites }) =>
        Promise.all(calls.map(call => run(open, invites, setting.organizationId, call))),
      ),
    )
}

/** Half of those who accept have seen the page before, in this process. */
async function show(invites: Invites, call: Call): Promise<void> {
  if (call.do === 'accept') await invites.preview({ token: call.token }).catch(() => {})
}

async function run({ join }: Opened, invites: Invites, organizationId: string, call: Call): Promise<Ends> {
  if (call.at !== undefined) await new Promise(resolve => setTimeout(resolve, (call.at ?? 0) - Date.now()))
  if (call.joined) return join(call.joined, tx => perform(invites, organizationId, call, tx))
  return perform(invites, organizationId, call)
}

async function obey(order: Order): Promise<void> {
  if (order.type === 'prepare') {
    await prepare(order.place, order.parts)
    return tell({ type: 'ready' })
  }
  if (order.type === 'go') return tell({ type: 'done', ends: await start() })
  for (const { end } of opened.values()) await end()
  process.disconnect()
}

process.on('message', (order: Order) =>
  obey(order).catch((error: unknown) =>
    tell({ type: 'failed', stack: error instanceof Error ? (error.stack ?? '') : String(error) }),
  ),
)
process.on('disconnect', () => process.exit())
tell({ type: 'up' })
