// Invites returned by `preview` in the last 10 minutes, at most 1,000. The call that answers one uses this copy instead of a
// read; its commit verifies the row versions.
import type { InviteId } from '../../domain/invite.ts'
import type { InviteSnapshot } from '../../ports/storage/speculation.ts'

const maxEntries = 1000
const ttlMs = 600_000

export function createPreviewCache(now: () => number = () => performance.now()) {
  const entries = new Map<InviteId, { readonly snapshot: InviteSnapshot; readonly since: number }>()

  return {
    /** An open invite is not cached: each use of it makes a new version. */
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

    /**
     * Removes the entry, because the call that takes it makes a new version. The entry was read for nobody in particular:
     * the user is assumed to be no member and not to have used the invite, which the commit verifies as well.
     */
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
