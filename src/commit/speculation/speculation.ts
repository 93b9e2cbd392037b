// Commits without a read before: the invite is known from the look-up of the same call or from a preview, and the rest is
// assumed. Where the storage has no speculation port, the look-up answers the organization only and everything is read.
import { idOf } from '../../domain/actor.ts'
import type { Command } from '../../domain/command.ts'
import type { InviteId, InviteRecord } from '../../domain/invite.ts'
import type { Settings } from '../../options/settings.ts'
import type { FactsQuery } from '../../ports/storage/facts.ts'
import type { InviteSnapshot, Speculation } from '../../ports/storage/speculation.ts'
import { type Assumed, assume, isSpeculative, type SpeculativeRequest } from './assumptions.ts'
import { createPreviewCache } from './preview-cache.ts'

export interface LookUpOptions<Tx> {
  readonly tx: Tx | undefined
  /** The user who is about to accept the invite. */
  readonly userId?: string | null
  /** The invite is only shown, as it is now; nothing is committed. */
  readonly isPreview?: boolean
}

/** The organization of an invite, and the invite itself where the storage answers both at once. Null: there is none. */
export type LookUpInvite<Tx> = (
  id: InviteId,
  options: LookUpOptions<Tx>,
) => Promise<{ readonly organizationId: string; readonly invite: InviteRecord | null } | null>

export interface SpeculativeCommit<Tx> {
  readonly lookUpInvite: LookUpInvite<Tx>
  /** Whether the request may be committed without a read, as far as is known before its turn. */
  isPossible(request: SpeculativeRequest): boolean
  /** The storage's clock; null: read first. */
  now(): Date | null
  /** What the requests may be decided on; null: read first. Each snapshot is used once. */
  assume(requests: readonly SpeculativeRequest[], query: FactsQuery, now: Date): Assumed | null
  readonly commit: Speculation['commit']
}

/** Calls between their look-up and their commit. One whose snapshot is evicted reads first. */
const maxSnapshots = 1000

export function createSpeculativeCommit<Tx>({ storage, clock, members }: Settings<Tx>): SpeculativeCommit<Tx> {
  // The storage verifies assumptions by its own clock and its own members only.
  const port = clock === undefined && members === null ? storage.speculation : undefined
  const previews = createPreviewCache()
  /** By invite and user: concurrent calls of several users on one invite have a snapshot each. */
  const snapshots = new Map<string, InviteSnapshot>()

  function remember(key: string, snapshot: InviteSnapshot): void {
    snapshots.delete(key)
    snapshots.set(key, snapshot)
    const [oldest] = snapshots.keys()
    if (snapshots.size > maxSnapshots && oldest !== undefined) snapshots.delete(oldest)
  }

  const hasSnapshot = (command: Command) => snapshots.has(snapshotKeyOf(command))

  function takeSnapshot(command: Command): InviteSnapshot | null {
    const key = snapshotKeyOf(command)
    const snapshot = snapshots.get(key) ?? null
    snapshots.delete(key)
    return snapshot
  }

  return {
    async lookUpInvite(id, { tx, userId = null, isPreview = false }) {
      if (port === undefined || tx !== undefined) {
        const ref = await storage.find({ id }, tx)
        return ref && { organizationId: ref.organizationId, invite: null }
      }
      const snapshot = (isPreview ? null : previews.take(id, userId)) ?? (await port.findWithVersions(id, userId))
      if (snapshot === null) return null
      isPreview ? previews.put(snapshot) : remember(keyOf(id, userId), snapshot)
      return { organizationId: snapshot.invite.organizationId, invite: snapshot.invite }
    },

    isPossible: ({ commands }) => port !== undefined && commands.every(command => isSpeculative(command, hasSnapshot)),

    now: () => port?.now() ?? null,

    assume: (requests, query, now) => assume(requests, takeSnapshot, query, now),

    commit: async (changes, assumptions, after) => port?.commit(changes, assumptions, after) ?? 'conflict',
  }
}

const keyOf = (id: InviteId, userId: string | null) => `${id} ${userId ?? ''}`

/** Only an acceptance was looked up with its user. */
const snapshotKeyOf = (command: Command): string =>
  'id' in command ? keyOf(command.id, command.type === 'accept' ? idOf(command.actor) : null) : ''
