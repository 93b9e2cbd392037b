// The transition table: what each command may do to an invite in each state. Data, so that a reader sees it at once.
import type { InviteStatus } from './invite.ts'
import type { RejectionCode } from './rejection.ts'

/** The commands that meet an existing invite, and `link`, which only asks for its link. */
export type Transition =
  | 'accept'
  | 'decline'
  | 'resend'
  | 'revoke'
  | 'update'
  | 'open'
  | 'renew'
  | 'erase'
  | 'expire'
  | 'remind'
  | 'link'

/** `go`: the command's own rules decide. `same`: a success that writes nothing. Otherwise the reason to refuse. */
export type Verdict = 'go' | 'same' | Extract<RejectionCode, `invite_${string}`>

type Row = Readonly<Record<InviteStatus, Verdict>>

const refused = {
  expired: 'invite_expired',
  accepted: 'invite_already_accepted',
  declined: 'invite_declined',
  revoked: 'invite_revoked',
} as const

/** `expired` is a pending invite past its time as well as a row that says so. */
export const transitions: Readonly<Record<Transition, Row>> = {
  accept: { ...refused, pending: 'go' },
  decline: { ...refused, pending: 'go', declined: 'same' },
  resend: { ...refused, pending: 'go', expired: 'go' },
  revoke: { ...refused, pending: 'go', expired: 'go', revoked: 'same' },
  update: { ...refused, pending: 'go' },
  open: { pending: 'go', expired: 'same', accepted: 'same', declined: 'same', revoked: 'same' },
  renew: { ...refused, pending: 'same', expired: 'go', revoked: 'go' },
  erase: { pending: 'go', expired: 'go', accepted: 'go', declined: 'go', revoked: 'go' },
  expire: { pending: 'same', expired: 'go', accepted: 'same', declined: 'same', revoked: 'same' },
  link: { ...refused, pending: 'go' },
  remind: { pending: 'go', expired: 'same', accepted: 'same', declined: 'same', revoked: 'same' },
}
