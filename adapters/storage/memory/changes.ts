// Writes the rows of a commit, with the checks that a database makes with its indexes.
import type { Changes, Committed, EventRow, InviteRecord, Lease, MessageRow } from '../../../src/core.ts'
import { keyOf, rows, type Table, type Tables } from './tables.ts'

/** Writes into a draft, which is dropped when this throws. */
export function writeChanges(draft: Tables, changes: Changes): Committed {
  const { organizationId, revision } = changes
  if ((draft.revisions.get(organizationId) ?? 0) !== revision) return 'conflict'
  draft.revisions.set(organizationId, revision + 1)
  for (const id of changes.erased) erase(draft, organizationId, id)
  for (const invite of changes.ended) writeInvite(draft, organizationId, invite, 'known')
  for (const invite of changes.changed) writeInvite(draft, organizationId, invite, 'known')
  for (const invite of changes.made) writeInvite(draft, organizationId, invite, 'new')
  for (const use of changes.uses) insert(draft.uses, keyOf(use.inviteId, use.userId), use)
  for (const member of changes.members) draft.members.set(keyOf(organizationId, member.userId), { ...member, organizationId })
  if (changes.expireBefore) expire(draft, organizationId, changes.expireBefore)
  for (const answer of changes.idempotency) draft.kept.set(keyOf(organizationId, answer.key), { ...answer, organizationId })
  for (const event of changes.events) addEvent(draft, event)
  for (const message of changes.messages) addMessage(draft, message, changes.lease)
  refuseSharedAddress(draft, organizationId)
  return 'committed'
}

function writeInvite(draft: Tables, organizationId: string, invite: InviteRecord, which: 'known' | 'new'): void {
  const owner = draft.invites.get(invite.id)?.organizationId
  if (owner !== (which === 'known' ? organizationId : undefined) || invite.organizationId !== organizationId) {
    throw new Error(`memory storage: invite ${invite.id} is not one of the organization's, or not new`)
  }
  draft.invites.set(invite.id, invite)
}

function insert<Row>(table: Table<Row>, key: string, row: Row): void {
  if (table.get(key) !== undefined) throw new Error(`memory storage: there is a row ${key} already`)
  table.set(key, row)
}

export function addEvent(draft: Tables, event: EventRow): void {
  const sequence = (draft.numbers.get('sequence') ?? 0) + 1
  draft.numbers.set('sequence', sequence)
  insert(draft.events, event.id, { ...event, sequence })
}

export function addMessage(draft: Tables, message: MessageRow, lease: Lease | null): void {
  insert(draft.messages, message.id, {
    ...message,
    status: 'queued',
    attempts: lease === null ? 0 : 1,
    lapses: null,
    providerId: null,
    failure: null,
    updatedAt: message.createdAt,
    sentAt: null,
    dueAt: message.createdAt,
    held: lease && { owner: lease.owner, until: performance.now() + lease.ms },
  })
}

function expire(draft: Tables, organizationId: string, before: Date): void {
  for (const answer of [...rows(draft.kept)])
    if (answer.organizationId === organizationId && answer.at < before) draft.kept.delete(keyOf(organizationId, answer.key))
}

/** Only rows that were stored before this commit: its own event and message are written later. */
function erase(draft: Tables, organizationId: string, id: string): void {
  for (const event of rows(draft.events)) {
    if (event.inviteId === id) draft.events.set(event.id, { ...event, data: {} })
  }
  for (const message of [...rows(draft.messages)]) {
    if (message.inviteId === id && message.status === 'queued') draft.messages.delete(message.id)
  }
  for (const answer of [...rows(draft.kept)]) {
    const mentions = answer.organizationId === organizationId && JSON.stringify(answer.answer).includes(id)
    if (mentions) draft.kept.delete(keyOf(organizationId, answer.key))
  }
}

/** Does what the two partial unique indexes of a database do, in case a decision was wrong. */
function refuseSharedAddress(draft: Tables, organizationId: string): void {
  const holders = new Map<string, string>()
  for (const invite of rows(draft.invites)) {
    if (invite.organizationId !== organizationId || invite.status !== 'pending' || invite.kind === 'open') continue
    const { emailKey, phoneKey } = invite.recipient
    for (const address of [emailKey && `email ${emailKey}`, phoneKey && `phone ${phoneKey}`]) {
      if (address === null) continue
      const holder = holders.get(address)
      if (holder !== undefined) {
        throw new Error(`memory storage: invites ${holder} and ${invite.id} are pending at one address`)
      }
      holders.set(address, invite.id)
    }
  }
}
