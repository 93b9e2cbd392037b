// The outbox in memory. Leases end by the monotonic clock of this machine, whatever `now` is.
import type { Checked, Leased, Outbox, Settlement } from '../../../src/core.ts'
import { addEvent, addMessage } from './changes.ts'
import { isSuppressing } from './suppressions.ts'
import { inDraft, rows, type StoredMessage, type Tables, type Write } from './tables.ts'

export const createOutbox = (tables: Tables, write: Write): Outbox => ({
  lease: ({ owner, ms }, { limit, now, except, lapsed }) =>
    write(() => {
      const time = now ?? new Date()
      const held = { owner, until: performance.now() + ms }
      const isDue = (message: StoredMessage) => message.status === 'queued' && message.dueAt <= time && !isHeld(message)
      const isWanted = ({ target, held }: StoredMessage) => !except.includes(target) && (held === null || lapsed)
      const due = [...rows(tables.messages)].filter(message => isDue(message) && isWanted(message)).slice(0, limit)
      const first = due.find(message => message.held !== null)
      const chosen = due.filter(message => message.held === null || message === first)
      return chosen.flatMap(message => {
        tables.messages.set(message.id, { ...message, ...countAttempt(message), held })
        return checkedOf(tables, message.id, owner)
      })
    }),

  check: async holds => holds.flatMap(({ id, owner }) => checkedOf(tables, id, owner)),

  release: holds =>
    write(() => {
      for (const { id, owner } of holds) {
        const message = heldBy(tables, id, owner)
        if (message) tables.messages.set(id, { ...message, ...uncountAttempt(message) })
      }
    }),

  settle: (settled, lease) => {
    const given = structuredClone(settled)
    return write(() =>
      inDraft(tables, draft => {
        const held = given.filter(({ settlement, owner }) => heldBy(draft, settlement.id, owner) !== null)
        for (const { settlement, event, messages } of held) {
          settleOne(draft, settlement)
          if (event) addEvent(draft, event)
          for (const message of messages ?? []) addMessage(draft, message, lease)
        }
        return held.map(({ settlement }) => settlement.id)
      }),
    )
  },

  redeliver: (id, now) =>
    write(() => {
      const message = tables.messages.get(id)
      if (message?.status !== 'failed') return false
      const at = now ?? new Date()
      tables.messages.set(id, { ...message, status: 'queued', attempts: 0, lapses: null, dueAt: at, updatedAt: at, held: null })
      return true
    }),

  next: async () => {
    const times = [...rows(tables.messages)].filter(isWaiting).map(message => message.dueAt.getTime())
    return times.length === 0 ? null : { dueAt: new Date(Math.min(...times)) }
  },
})

/** Counts an attempt when a message is leased. After a lapsed lease it counts in `lapses`. */
const countAttempt = ({ attempts, lapses, held }: StoredMessage) =>
  held === null ? { attempts: attempts + 1 } : { lapses: (lapses ?? 0) + 1 }

/** Takes the attempt back when a message is released. A message that had lapsed before still has. */
const uncountAttempt = ({ attempts, lapses, held }: StoredMessage) =>
  lapses === null || held === null
    ? { attempts: attempts - 1, held: null }
    : { lapses: lapses - 1, held: { ...held, until: Number.NEGATIVE_INFINITY } }

const isWaiting = (message: StoredMessage) => message.status === 'queued'

const isHeld = ({ held }: StoredMessage) => held !== null && held.until > performance.now()

function heldBy(tables: Tables, id: string, owner: string): StoredMessage | null {
  const message = tables.messages.get(id)
  return message && isWaiting(message) && isHeld(message) && message.held?.owner === owner ? message : null
}

function checkedOf(tables: Tables, id: string, owner: string): readonly Checked[] {
  const message = heldBy(tables, id, owner)
  const invite = message && tables.invites.get(message.inviteId)
  if (!message || !invite) return []
  const disabled = message.kind === 'event' && tables.endpoints.get(message.target) !== undefined
  const suppressing = isSuppressing(tables, message.organizationId)
  const owners = ['', message.organizationId]
  const templated = [...rows(tables.templates)].some(({ organizationId }) => owners.includes(organizationId))
  const facts = { disabled, suppressing, templated, now: new Date() }
  return [{ owner, invite: structuredClone(invite), message: toLeased(tables, message), ...facts }]
}

function toLeased(tables: Tables, message: StoredMessage): Leased {
  const { status, providerId, failure, updatedAt, sentAt, dueAt, held, ...row } = message
  return structuredClone({
    ...row,
    lapses: message.lapses ?? 0,
    event: (row.eventId && tables.events.get(row.eventId)) || null,
  })
}

/** A delivery stays as a record; a finished event is deleted. */
function settleOne(draft: Tables, settlement: Settlement): void {
  const message = draft.messages.get(settlement.id)
  if (!message) return
  if (message.kind === 'event' && settlement.outcome !== 'retry') {
    draft.messages.delete(message.id)
    return
  }
  const ended = { ...message, updatedAt: settlement.at, lapses: null, held: null }
  draft.messages.set(message.id, { ...ended, ...outcomeOf(settlement) })
}

function outcomeOf(settlement: Settlement): Partial<StoredMessage> {
  switch (settlement.outcome) {
    case 'done':
      return { status: 'sent', providerId: settlement.providerId, failure: null, sentAt: settlement.at }
    case 'dropped':
      return { status: settlement.status, failure: settlement.failure }
    case 'retry':
      return { failure: settlement.failure, dueAt: settlement.dueAt }
    default:
      return settlement satisfies never
  }
}
