// The table of commands: who gives them, whether limits apply, whether they may be decided without a read, and what each
// does to an invite in each status. A command that is missing does not compile.
import type { Command } from './command.ts'
import type { InviteStatus } from './invite.ts'
import type { RejectionCode } from './rejection.ts'

/** `allow`: the command's own rules decide. `noop`: a success that writes nothing. Otherwise the reason to refuse. */
export type Verdict = 'allow' | 'noop' | Extract<RejectionCode, `invite_${string}`>

type Verdicts = Readonly<Record<InviteStatus, Verdict>>

interface CommandRules {
  /** The actor must be allowed to grant the invite's role. Checked again when an answer is replayed for an idempotency key. */
  readonly managed: boolean
  /** Whether the organization's limits are needed: it makes an invite pending, takes a seat, or sends. */
  readonly limited: boolean
  /** Whether it may be decided on assumptions instead of a read; `withSnapshot`: only if its invite was read just before. */
  readonly speculative: boolean | 'withSnapshot'
  /** What it does to an invite in each status; null: it works on no existing invite. */
  readonly verdicts: Verdicts | null
}

/** A command that is missing from it does not compile. */
export type CommandTable = { readonly [Type in Command['type']]: CommandRules }

const refused = {
  expired: 'invite_expired',
  accepted: 'invite_already_accepted',
  declined: 'invite_declined',
  revoked: 'invite_revoked',
} as const

const unchanged = { expired: 'noop', accepted: 'noop', declined: 'noop', revoked: 'noop' } as const

/** `expired` covers pending invites past `expiresAt` as well as rows stored as expired. */
export const commands = {
  create: { managed: true, limited: true, speculative: true, verdicts: null },
  accept: { managed: false, limited: true, speculative: 'withSnapshot', verdicts: { ...refused, pending: 'allow' } },
  decline: {
    managed: false,
    limited: false,
    speculative: 'withSnapshot',
    verdicts: { ...refused, pending: 'allow', declined: 'noop' },
  },
  open: { managed: false, limited: false, speculative: 'withSnapshot', verdicts: { ...unchanged, pending: 'allow' } },
  renew: {
    managed: false,
    limited: true,
    speculative: 'withSnapshot',
    verdicts: { ...refused, pending: 'noop', expired: 'allow', revoked: 'allow' },
  },
  resend: { managed: true, limited: true, speculative: false, verdicts: { ...refused, pending: 'allow', expired: 'allow' } },
  revoke: {
    managed: true,
    limited: false,
    speculative: false,
    verdicts: { ...refused, pending: 'allow', expired: 'allow', revoked: 'noop' },
  },
  update: { managed: true, limited: false, speculative: false, verdicts: { ...refused, pending: 'allow' } },
  erase: {
    managed: true,
    limited: false,
    speculative: false,
    verdicts: { pending: 'allow', expired: 'allow', accepted: 'allow', declined: 'allow', revoked: 'allow' },
  },
  expire: {
    managed: false,
    limited: true,
    speculative: false,
    verdicts: { ...unchanged, pending: 'noop', expired: 'allow' },
  },
  remind: { managed: false, limited: true, speculative: false, verdicts: { ...unchanged, pending: 'allow' } },
  'member.add': { managed: false, limited: true, speculative: false, verdicts: null },
  'member.setRole': { managed: false, limited: true, speculative: false, verdicts: null },
  'member.remove': { managed: false, limited: false, speculative: false, verdicts: null },
  'member.forget': { managed: false, limited: false, speculative: false, verdicts: null },
} as const satisfies CommandTable

/** The commands on an existing invite, and `link`, which reads its link and is allowed where `update` is. */
export type Transition =
  | 'link'
  | { [Type in Command['type']]: (typeof commands)[Type]['verdicts'] extends null ? never : Type }[Command['type']]

/** What a transition does to an invite in this status. */
export const verdictOf = (transition: Transition, status: InviteStatus): Verdict =>
  transition === 'link' ? commands.update.verdicts[status] : commands[transition].verdicts[status]
