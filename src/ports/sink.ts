// Where events go after commit.
import type { InviteEventType } from '../domain/event.ts'
import type { InviteStatus } from '../domain/invite.ts'
import type { Invite } from './invite.ts'

/** What happened to an invite. No secret is in it. */
export interface InviteEvent<Role extends string = string, Type extends InviteEventType = InviteEventType> {
  /** The same on every try. */
  readonly id: string
  readonly type: Type
  readonly timestamp: Date
  readonly organizationId: string
  /** Rises with every event of this storage, in commit order. */
  readonly sequence: number
  readonly data: {
    /** The invite as the event left it. */
    readonly invite: LeftBy<Type, Role>
    /** The user who did it; null for the system, an API key, or somebody who only held the token. */
    readonly actor: { readonly userId: string } | null
    readonly previousStatus: InviteStatus | null
  }
}

type In<Role extends string, State> = Extract<Invite<Role>, State>

/** An open invite waits for others when somebody has accepted it: `actor` says who. */
type LeftBy<Type extends InviteEventType, Role extends string> = Type extends 'invite.accepted'
  ? In<Role, { status: 'accepted' } | { kind: 'open'; status: 'pending' }>
  : Type extends 'invite.declined'
    ? In<Role, { status: 'declined' }>
    : Type extends 'invite.revoked'
      ? In<Role, { status: 'revoked' }>
      : Invite<Role>

export interface Sink {
  /** Names this sink in the outbox: keep it the same over deployments. */
  readonly name: string
  /**
   * Resolves when the event was taken. May be called again with the same `event.id` after a crash. Rejects when it was
   * not: an error with `permanent: true` is not tried again, one with `gone: true` switches the sink off for all processes
   * until `invites.relay.enable(name)`, and its events are dropped meanwhile.
   */
  publish(event: InviteEvent, options: { readonly signal: AbortSignal }): Promise<void>
  /** Ends open connections. Waited for 5 s; what it throws is told to `onError`. */
  close?(): void | Promise<void>
}
