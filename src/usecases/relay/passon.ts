// Events that are written beside a commit, passed on by this process as its own commits' are.
import type { Lease } from '../../ports/outbox.ts'
import type { EventRow, MessageRow } from '../../ports/rows.ts'
import type { Kit } from '../kit.ts'
import { announce } from '../path/messages.ts'

export interface Announced {
  readonly messages: readonly MessageRow[]
  /** The messages are held under it from the start; null: whoever's relay comes next delivers them. */
  readonly lease: Lease | null
}

/** Runs `write` with the messages that announce the events; once it has written, they are delivered. */
export async function passOn<Tx>(
  { settings, newId, tools: { deliver, nudge, hears } }: Kit<Tx>,
  events: readonly EventRow[],
  write: (announced: Announced) => Promise<boolean>,
): Promise<boolean> {
  const { inline, lease: ms, waitUntil } = settings.relay
  const lease = inline === false ? null : { owner: newId(), ms }
  const sinks = settings.sinks.map(sink => sink.name)
  // What this process delivers itself, and nobody in it hears, need not be written.
  const targets = lease === null || hears() ? ['on', ...sinks] : sinks
  const messages = events.flatMap(event => announce(event, { targets, newId }))
  const since = performance.now()
  if (!(await write({ messages, lease }))) return false
  if (messages.length === 0) return true
  if (lease === null) {
    nudge('now')
    return true
  }
  const delivery = deliver({ messages, lease, since })
  try {
    waitUntil?.(delivery)
  } catch (error) {
    settings.onError(error, { where: 'relay.waitUntil' })
  }
  if (inline === 'await') await delivery
  return true
}
