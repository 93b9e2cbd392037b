// Applies a provider's report to a delivery: a new status, and events for the history and the sinks.

import { fail } from '../api/error.ts'
import { announce, eventRow, leaseAndTargets } from '../commit/changes.ts'
import type { Services } from '../commit/services.ts'
import { followDelivery } from '../commit/transact.ts'
import { addressAt } from '../domain/channel.ts'
import { afterReport, isProblem, type ProviderReport } from '../domain/delivery.ts'
import { addressHashOf } from '../domain/token.ts'
import { nowOf } from '../options/settings.ts'
import type { Reported } from '../ports/storage/delivery-reports.ts'
import type { Lease } from '../ports/storage/outbox.ts'
import type { EventRow, MessageRow } from '../ports/storage/rows.ts'
import { bool, type Check, checked, object, oneOf, optional, text } from '../validation/validators.ts'

const failureText: Check<string> = (value, path, flaws) => {
  const given = text(200)(value, path, flaws)
  // Providers quote the address, or a link, in their own texts; neither may be stored.
  if (/:\/\/|@/.test(given ?? '')) flaws.push({ path, detail: 'must be your own words: it has an address or a link in it' })
  return given
}

const shape = object({
  messageId: text(998),
  status: oneOf('sent', 'delivered', 'bounced', 'complained', 'failed'),
  permanent: optional(bool, true),
  failure: optional(failureText, null),
})

const failureTexts = {
  bounced: 'the address does not take messages',
  complained: 'the recipient wants no more messages',
  failed: 'the message was not delivered',
} as const

/** More than a delivery has statuses to change to. */
const maxAttempts = 10

/** With a `channel`, only deliveries of that channel are found: a provider reports its own messages. */
export async function report<Tx>(
  services: Services<Tx>,
  input: unknown,
  channel: string | null = null,
): Promise<{ readonly known: boolean }> {
  const { messageId, failure, ...reported } = checked(shape, input)
  const id = deliveryIdIn(messageId)
  for (let attempt = 0; id !== null && attempt < maxAttempts; attempt += 1) {
    const found = await services.settings.storage.outbox.delivery(id)
    if (found === null || (channel !== null && found.delivery.channel !== channel)) return { known: false }
    if (await write(services, found, { ...reported, failure })) return { known: true }
  }
  if (id === null) return { known: false }
  throw fail('unavailable', {}, 'this delivery changes too fast; try again')
}

/** A delivery's id, bare or in a `Message-ID`; null for a text that is neither. */
function deliveryIdIn(messageId: string): string | null {
  const [, id = ''] = /^\s*<?([^@<>\s]+)(?:@[^@<>\s]+)?>?\s*$/.exec(messageId) ?? []
  return /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(id) ? id.toLowerCase() : null
}

/** False when the delivery's status changed since it was read: the caller reads it again. */
async function write<Tx>(
  services: Services<Tx>,
  found: Reported,
  report: ProviderReport & { readonly failure: string | null },
): Promise<boolean> {
  const { settings, newId } = services
  const { delivery, invite } = found
  // The delivery was queued again and not attempted since: the report is about an earlier attempt.
  if (delivery.status === 'queued' && delivery.attempts === 0 && report.status === 'failed') return true
  const status = afterReport(delivery.status, report)
  if (status === null) return true
  const at = nowOf(settings)
  // A notice to the inviter has no place in the invite's history.
  const isRecorded = delivery.reason !== 'expired'
  const types = [
    ...(isRecorded && delivery.sentAt === null ? (['invite.sent'] as const) : []),
    ...(isRecorded && isProblem(status) ? (['invite.delivery_failed'] as const) : []),
  ]
  const events = types.map(type => eventRow(type, invite, { id: newId(), at }))
  const change = {
    id: delivery.id,
    organizationId: invite.organizationId,
    from: delivery.status,
    status,
    at,
    events,
    failure: status === 'sent' || status === 'delivered' ? null : (report.failure ?? failureTexts[status]),
    suppress: status === 'complained' ? addressHashesToSuppress(services, found) : [],
  }
  return writeAndDeliver(services, events, ({ messages, lease }) =>
    settings.storage.outbox.report({ ...change, messages }, lease),
  )
}

/**
 * The hash that the message was written with, which outlives the address, and the hash under the current key. None for a
 * notice, which went to the inviter.
 */
function addressHashesToSuppress<Tx>(
  { settings }: Services<Tx>,
  { delivery, addressHash, invite }: Reported,
): readonly string[] {
  if (addressHash === null) return []
  const address = addressAt(invite, settings.addressKinds.get(delivery.channel))
  return [...new Set([addressHash, ...(address === null ? [] : [addressHashOf(settings.keys[0], address)])])]
}

interface Announced {
  readonly messages: readonly MessageRow[]
  /** The messages are written under this lease; null: the next relay that polls delivers them. */
  readonly lease: Lease | null
}

/** Runs `write` with the messages that announce the events, and delivers them once it has written. */
async function writeAndDeliver<Tx>(
  { settings, delivery }: Services<Tx>,
  events: readonly EventRow[],
  write: (announced: Announced) => Promise<boolean>,
): Promise<boolean> {
  const { lease, targets } = leaseAndTargets(settings, delivery, false)
  const messages = events.flatMap(event => announce(event, { targets, newId: delivery.newId }))
  const since = performance.now()
  if (!(await write({ messages, lease }))) return false
  if (messages.length === 0) return true
  if (lease === null) {
    delivery.nudge('now')
    return true
  }
  await followDelivery(settings, delivery.deliver({ messages, lease, since }))
  return true
}
