// What a provider reports of a message: its delivery moves on, and the history and the sinks hear of what went wrong.

import { fail } from '../api/error.ts'
import { announce, eventRow } from '../commit/changes.ts'
import { keepAlive, leaseAndTargets } from '../commit/handoff.ts'
import type { Services } from '../commit/services.ts'
import { addressAt } from '../domain/channel.ts'
import { afterReport, isProblem, type ProviderReport } from '../domain/delivery.ts'
import { addressHashOf } from '../domain/token.ts'
import { nowOf } from '../options/settings.ts'
import type { Reported } from '../ports/storage/delivery-reports.ts'
import type { Lease } from '../ports/storage/outbox.ts'
import type { EventRow, MessageRow } from '../ports/storage/rows.ts'
import { bool, type Check, checked, object, oneOf, optional, text } from '../validation/validators.ts'

const ownWords: Check<string> = (value, path, flaws) => {
  const words = text(200)(value, path, flaws)
  // The most common mistake, and the way for a link or an address into the tables.
  if (/:\/\/|@/.test(words ?? '')) flaws.push({ path, detail: 'must be your own words: it has an address or a link in it' })
  return words
}

const shape = object({
  messageId: text(998),
  status: oneOf('sent', 'delivered', 'bounced', 'complained', 'failed'),
  permanent: optional(bool, true),
  failure: optional(ownWords, null),
})

const words = {
  bounced: 'the address does not take messages',
  complained: 'the recipient wants no more messages',
  failed: 'the message was not delivered',
} as const

/** More than a delivery has statuses to move through. */
const maxTries = 10

/** `channel`: who reports may only report of its own messages. */
export async function report<Tx>(
  services: Services<Tx>,
  input: unknown,
  channel: string | null = null,
): Promise<{ readonly known: boolean }> {
  const { messageId, failure, ...told } = checked(shape, input)
  const id = deliveryIdIn(messageId)
  for (let tries = 0; id !== null && tries < maxTries; tries += 1) {
    const found = await services.settings.storage.outbox.delivery(id)
    if (found === null || (channel !== null && found.delivery.channel !== channel)) return { known: false }
    if (await write(services, found, { ...told, failure })) return { known: true }
  }
  if (id === null) return { known: false }
  throw fail('unavailable', {}, 'this delivery changes too fast; try again')
}

/** A delivery's id as it is, or in a `Message-ID`; null for one that we did not make. */
function deliveryIdIn(messageId: string): string | null {
  const [, id = ''] = /^\s*<?([^@<>\s]+)(?:@[^@<>\s]+)?>?\s*$/.exec(messageId) ?? []
  return /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(id) ? id.toLowerCase() : null
}

/** False when the delivery moved on meanwhile: then look again. */
async function write<Tx>(
  services: Services<Tx>,
  found: Reported,
  told: ProviderReport & { readonly failure: string | null },
): Promise<boolean> {
  const { settings, newId } = services
  const { delivery, invite } = found
  // Due again, and not begun: this tells of a try before.
  if (delivery.status === 'queued' && delivery.attempts === 0 && told.status === 'failed') return true
  const status = afterReport(delivery.status, told)
  if (status === null) return true
  const at = nowOf(settings)
  // The history tells of what went to the recipient.
  const isTold = delivery.reason !== 'expired'
  const types = [
    ...(isTold && delivery.sentAt === null ? (['invite.sent'] as const) : []),
    ...(isTold && isProblem(status) ? (['invite.delivery_failed'] as const) : []),
  ]
  const events = types.map(type => eventRow(type, invite, { id: newId(), at }))
  const change = {
    id: delivery.id,
    organizationId: invite.organizationId,
    from: delivery.status,
    status,
    at,
    events,
    failure: status === 'sent' || status === 'delivered' ? null : (told.failure ?? words[status]),
    suppress: status === 'complained' ? marksIn(services, found) : [],
  }
  return passOn(services, events, ({ messages, lease }) => settings.storage.outbox.report({ ...change, messages }, lease))
}

/**
 * The one that the message was written with, also when the address is erased, and the one of today. Without one it went
 * to somebody else than the recipient.
 */
function marksIn<Tx>({ settings }: Services<Tx>, { delivery, addressHash, invite }: Reported): readonly string[] {
  if (addressHash === null) return []
  const address = addressAt(invite, settings.addressKinds.get(delivery.channel))
  return [...new Set([addressHash, ...(address === null ? [] : [addressHashOf(settings.keys[0], address)])])]
}

interface Announced {
  readonly messages: readonly MessageRow[]
  /** The messages are held under it from the start; null: whoever's relay comes next delivers them. */
  readonly lease: Lease | null
}

/** Runs `write` with the messages that announce the events; once it has written, they are delivered. */
async function passOn<Tx>(
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
  const delivering = delivery.deliver({ messages, lease, since })
  keepAlive(settings, delivering)
  if (settings.relay.inline === 'await') await delivering
  return true
}
