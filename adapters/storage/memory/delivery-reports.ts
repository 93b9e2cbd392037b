// Delivery reports in memory: the status change and the rows that come with it, in one draft.
import type { Reports } from '../../../src/core.ts'
import { addEvent, addMessage } from './changes.ts'
import { toDelivery } from './lists.ts'
import { addSuppressions } from './suppressions.ts'
import { inDraft, type Tables, type Write } from './tables.ts'

export const createReports = (tables: Tables, write: Write): Reports => ({
  async delivery(id) {
    const message = tables.messages.get(id)
    const invite = message?.kind === 'delivery' ? tables.invites.get(message.inviteId) : undefined
    return message && invite
      ? structuredClone({ delivery: toDelivery(message), addressHash: message.addressHash, invite })
      : null
  },

  report(change, lease) {
    const { id, from, status, failure, at, events, messages, organizationId, suppress } = structuredClone(change)
    return write(() =>
      inDraft(tables, draft => {
        const message = draft.messages.get(id)
        if (message?.kind !== 'delivery' || message.status !== from) return false
        const sentAt = message.sentAt ?? at
        draft.messages.set(id, { ...message, status, failure, sentAt, updatedAt: at, held: null })
        for (const event of events) addEvent(draft, event)
        for (const each of messages) addMessage(draft, each, lease)
        addSuppressions(draft, { organizationId, addressHashes: suppress }, at)
        return true
      }),
    )
  },
})
