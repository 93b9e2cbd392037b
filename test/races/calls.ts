// What the processes of a race are told to do, as data, and how each call ended, as words.
import { type Invites, isInviteError, type Limits } from 'invitekit'

interface Terms {
  /** Joins a transaction of the host's, begun at this isolation level (on SQLite all are one). */
  readonly joined?: 'read committed' | 'repeatable read' | 'serializable'
  /** Starts at this time (epoch milliseconds), instead of at once. */
  readonly at?: number
}

interface Create {
  readonly do: 'create'
  readonly email?: string
  readonly ifPending?: 'return' | 'resend'
  readonly key?: string
  /** The user who invites; absent: the system. */
  readonly by?: string
}

export type Call = Terms &
  (
    | Create
    | { readonly do: 'bulk'; readonly emails: readonly string[] }
    | { readonly do: 'accept'; readonly token: string; readonly user: string; readonly email?: string; readonly role?: string }
    | { readonly do: 'preview' | 'decline' | 'open'; readonly token: string }
    | { readonly do: 'revoke' | 'resend' | 'erase'; readonly id: string }
    | { readonly do: 'update'; readonly id: string; readonly role: string }
    | { readonly do: 'addMember' | 'removeMember'; readonly user: string }
    | { readonly do: 'touch' | 'sweep' | 'migrate' }
  )

/** How the invites of a round are made; what differs from the defaults. */
export interface Setting {
  readonly organizationId: string
  readonly limits?: Limits
  /** Members live in `host_members`. */
  readonly hostMembers?: boolean
  readonly unguarded?: boolean
  /** Reminders an hour after the send, and expiry notices. */
  readonly followUps?: boolean
}

/** `ok` or the code of the refusal, for each invite that the call was about. */
export type Ends = readonly string[]

export async function perform(invites: Invites, organizationId: string, call: Call, tx?: never): Promise<Ends> {
  try {
    return endsOf(await start(invites, { organizationId, call, tx }))
  } catch (error) {
    if (isInviteError(error)) return [error.code]
    throw error
  }
}

interface Started {
  readonly organizationId: string
  readonly call: Call
  readonly tx: undefined | never
}

function start(invites: Invites, { organizationId, call, tx }: Started): Promise<unknown> {
  const context = { actor: 'system', organizationId, tx } as const
  switch (call.do) {
    case 'create':
      return create(invites, call, { organizationId, tx })
    case 'bulk': {
      const list = call.emails.map(email => ({ recipient: { email } }))
      return invites.createMany({ invites: list, defaults: { role: 'member' } }, context)
    }
    case 'accept': {
      const actor = call.email
        ? { userId: call.user, email: call.email, emailVerified: true }
        : { userId: call.user, emailVerified: false }
      return invites.accept({ token: call.token, role: call.role }, { actor, tx })
    }
    case 'preview':
    case 'decline':
    case 'open':
      return invites[call.do]({ token: call.token }, { tx })
    case 'revoke':
    case 'resend':
    case 'erase':
      return invites[call.do]({ id: call.id }, context)
    case 'update':
      return invites.update({ id: call.id, role: call.role }, context)
    case 'addMember':
      return invites.members.add({ userId: call.user, role: 'member' }, context)
    case 'removeMember':
      return invites.members.remove({ userId: call.user }, context)
    case 'touch':
      return invites.touch({ organizationId }, { tx })
    case 'sweep':
    case 'migrate':
      return invites[call.do]()
    default:
      return call satisfies never
  }
}

function create(invites: Invites, call: Create, { organizationId, tx }: Omit<Started, 'call'>) {
  const { email, ifPending, key: idempotencyKey, by } = call
  const context = by
    ? { actor: { userId: by, organizationId, role: 'admin', emailVerified: false }, tx, idempotencyKey }
    : { actor: 'system' as const, organizationId, tx, idempotencyKey }
  const terms = { role: 'member', ifPending }
  return invites.create(email ? { ...terms, recipient: { email } } : { ...terms, kind: 'open' }, context)
}

const endsOf = (answer: unknown): Ends => (isBulk(answer) ? answer.results.map(({ error }) => error?.code ?? 'ok') : ['ok'])

const isBulk = (answer: unknown): answer is { readonly results: readonly { readonly error?: { readonly code: string } }[] } =>
  typeof answer === 'object' && answer !== null && 'results' in answer
