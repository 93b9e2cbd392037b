// A message that this process holds under a lease, and until when.
import type { Hold } from '../ports/storage/outbox.ts'
import type { MessageRow } from '../ports/storage/rows.ts'

export interface HeldMessage extends Hold {
  readonly target: string
  /** Messages of one series are delivered one after the other: the events of an invite. Null: the message belongs to none. */
  readonly series: string | null
  /** `performance.now()` when the lease ends. */
  readonly until: number
  /** Its last lease expired unsettled: it is tried with nothing else under way. */
  readonly lapsed: boolean
}

export const heldMessage = (
  { id, target, kind, inviteId }: MessageRow,
  { owner, until, lapsed }: Pick<HeldMessage, 'owner' | 'until' | 'lapsed'>,
): HeldMessage => ({
  id,
  target,
  series: kind === 'event' ? inviteId : null,
  owner,
  until,
  lapsed,
})

/** A message that this process has written itself, under a lease from the start. */
export const ownMessage = (message: MessageRow, owner: string, until: number): HeldMessage =>
  heldMessage(message, { owner, until, lapsed: false })

/** The share of a lease that is kept for settling: the end of a later attempt could not be written down. */
const settleReserve = 0.2

/** `performance.now()` until which an attempt may go on. `lease`: its whole length in milliseconds. */
export const latestStart = ({ until }: HeldMessage, lease: number): number => until - lease * settleReserve
