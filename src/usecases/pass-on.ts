// Events that are written beside a commit, passed on by this process as its own commits' are.

import { announce } from '../commit/changes.ts'
import { holding, keepAlive } from '../commit/handoff.ts'
import type { Kit } from '../commit/services.ts'
import type { Lease } from '../ports/storage/outbox.ts'
import type { EventRow, MessageRow } from '../ports/storage/rows.ts'

export interface Announced {
  readonly messages: readonly MessageRow[]
  /** The messages are held under it from the start; null: whoever's relay comes next delivers them. */
  readonly lease: Lease | null
}

/** Runs `write` with the messages that announce the events; once it has written, they are delivered. */
export async function passOn<Tx>(
  { settings, tools }: Kit<Tx>,
  events: readonly EventRow[],
  write: (announced: Announced) => Promise<boolean>,
): Promise<boolean> {
  const { lease, targets } = holding(settings, tools, false)
  const messages = events.flatMap(event => announce(event, { targets, newId: tools.newId }))
  const since = performance.now()
  if (!(await write({ messages, lease }))) return false
  if (messages.length === 0) return true
  if (lease === null) {
    tools.nudge('now')
    return true
  }
  const delivery = tools.deliver({ messages, lease, since })
  keepAlive(settings, delivery)
  if (settings.relay.inline === 'await') await delivery
  return true
}
