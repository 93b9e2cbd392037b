// Invites that somebody was just shown. Who then answers one need not wait for another look: what was seen is made sure of
// by the statement that writes, and where it is no longer so, it is read.
import type { InviteId } from '../domain/invite.ts'
import type { InviteSnapshot } from '../ports/storage/speculation.ts'

const maxEntries = 1000
/** In milliseconds: people decide in minutes. */
const ttlMs = 600_000

export function createPreviewCache(now: () => number = () => performance.now()) {
  const entries = new Map<InviteId, { readonly snapshot: InviteSnapshot; readonly since: number }>()

  return {
    /** Of a link for many each use makes another version: that is looked at anew. */
    put(snapshot: InviteSnapshot): void {
      const { id, kind } = snapshot.invite
      if (kind !== 'personal') return
      entries.delete(id)
      entries.set(id, { snapshot, since: now() })
      for (const [oldest, { since }] of entries) {
        if (entries.size <= maxEntries && now() - since < ttlMs) break
        entries.delete(oldest)
      }
    },

    /** Once only: whatever is done with it makes another version. This user is taken to be no member, and to have no use. */
    take(id: InviteId, userId: string | null): InviteSnapshot | null {
      const entry = entries.get(id)
      entries.delete(id)
      if (entry === undefined || now() - entry.since >= ttlMs) return null
      const { snapshot } = entry
      if (userId === null) return snapshot
      if (userId === snapshot.invite.inviterId) return null
      const member = { of: 'member', userId, version: null } as const
      const use = { of: 'use', id, userId, version: null } as const
      return { ...snapshot, versions: [...snapshot.versions, member, use] }
    },
  }
}

export type PreviewCache = ReturnType<typeof createPreviewCache>
