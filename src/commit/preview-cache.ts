// Invites that somebody was just shown. Who then answers one need not wait for another look: what was seen is made sure of
// by the statement that writes, and where it is no longer so, it is read.
import type { InviteId } from '../domain/invite.ts'
import type { Known } from '../ports/storage/speculation.ts'

const most = 1000
/** In milliseconds: people decide in minutes. */
const forgotten = 600_000

export function createPreviewed(now: () => number = () => performance.now()) {
  const entries = new Map<InviteId, { readonly known: Known; readonly since: number }>()

  return {
    /** Of a link for many each use makes another version: that is looked at anew. */
    note(known: Known): void {
      const { id, kind } = known.invite
      if (kind !== 'personal') return
      entries.delete(id)
      entries.set(id, { known, since: now() })
      for (const [oldest, { since }] of entries) {
        if (entries.size <= most && now() - since < forgotten) break
        entries.delete(oldest)
      }
    },

    /** Once only: whatever is done with it makes another version. This user is taken to be no member, and to have no use. */
    take(id: InviteId, userId: string | null): Known | null {
      const entry = entries.get(id)
      entries.delete(id)
      if (entry === undefined || now() - entry.since >= forgotten) return null
      const { known } = entry
      if (userId === null) return known
      if (userId === known.invite.inviterId) return null
      const member = { of: 'member', userId, version: null } as const
      const use = { of: 'use', id, userId, version: null } as const
      return { ...known, versions: [...known.versions, member, use] }
    },
  }
}

export type Previewed = ReturnType<typeof createPreviewed>
