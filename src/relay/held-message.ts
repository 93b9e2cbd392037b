// A message under way in this process, and until when it is ours.
import type { Hold } from '../ports/storage/outbox.ts'
import type { MessageRow } from '../ports/storage/rows.ts'

export interface HeldMessage extends Hold {
  readonly target: string
  /** Of one series one goes after the other: the events of an invite. Null: of none. */
  readonly series: string | null
  /** `performance.now()` */
  readonly until: number
  /** Found in the outbox: what is not begun is given back. What this process wrote itself is its own to deliver. */
  readonly found: boolean
  /** Its last lease expired unsettled: it is tried with nothing else under way. */
  readonly lapsed: boolean
}

type HeldSince = Pick<HeldMessage, 'owner' | 'until' | 'found' | 'lapsed'>

export const heldMessage = (
  { id, target, kind, inviteId }: MessageRow,
  { owner, until, found, lapsed }: HeldSince,
): HeldMessage => ({
  id,
  target,
  series: kind === 'event' ? inviteId : null,
  owner,
  until,
  found,
  lapsed,
})

/** What this process has written, and holds from the start. */
export const ownMessage = (message: MessageRow, owner: string, until: number): HeldMessage =>
  heldMessage(message, { owner, until, found: false, lapsed: false })

/** The share of a lease that is kept for settling: a try that ended with it could not be told of. */
const settleReserve = 0.2

/** `performance.now()` until which a try may go on. `lease`: its whole length in milliseconds. */
export const latestStart = ({ until }: HeldMessage, lease: number): number => until - lease * settleReserve
