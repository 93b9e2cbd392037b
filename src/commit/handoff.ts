// What every commit says of its own delivery: who holds the messages, who is told of events, and what stays alive for them.

import type { Settings } from '../options/settings.ts'
import type { Lease } from '../ports/storage/outbox.ts'
import type { MessageRow } from '../ports/storage/rows.ts'
import type { Recorder } from './changes.ts'

/** What this process has committed and holds, to be handed over. */
export interface Handoff {
  readonly messages: readonly MessageRow[]
  readonly lease: Lease
  /** `performance.now()` before the commit: the lease is no younger. */
  readonly since: number
}

export interface DeliveryHandle {
  readonly newId: () => string
  /** Hands over what was committed; settles when that is done. */
  readonly deliver: (holding: Handoff) => Promise<unknown>
  /** Messages were left for whoever looks: now, or in a host's transaction that may commit soon. */
  readonly nudge: (when: 'now' | 'soon') => void
  /** Whether anybody in this process listens to events. */
  readonly hears: () => boolean
}

/** `isLeft`: whoever's relay comes next delivers it, whatever the options say. */
export function leaseAndTargets<Tx>(
  { relay, sinks }: Settings<Tx>,
  { newId, hears }: DeliveryHandle,
  isLeft: boolean,
): Pick<Recorder, 'lease' | 'targets'> {
  const lease = isLeft || relay.inline === false ? null : { owner: newId(), ms: relay.lease }
  const names = sinks.map(({ name }) => name)
  // What this process delivers itself, and nobody in it hears, need not be written.
  return { lease, targets: lease === null || hears() ? ['on', ...names] : names }
}

/** What the host's function throws must not hide that the call is committed. */
export function keepAlive<Tx>({ relay, onError }: Settings<Tx>, delivery: Promise<unknown>): void {
  try {
    relay.waitUntil?.(delivery)
  } catch (error) {
    onError(error, { where: 'relay.waitUntil' })
  }
}
