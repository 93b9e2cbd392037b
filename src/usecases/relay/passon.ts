// Events that are written beside a commit, passed on by this process as its own commits' are.
import type { Lease } from '../../ports/outbox.ts'
import type { EventRow, MessageRow } from '../../ports/rows.ts'
import type { Kit } from '../kit.ts'
import { holding, keepAlive } from '../path/delivering.ts'
import { announce } from '../path/messages.ts'

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
