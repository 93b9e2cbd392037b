// Port: sinks, which are given every event after commit.
import type { InviteEventType } from '../domain/event.ts'
import type { InviteStatus } from '../domain/invite.ts'
import type { Invite } from './invite.ts'

/** One thing that happened to an invite. It holds no secret. */
export interface InviteEvent<Role extends string = string, Type extends InviteEventType = InviteEventType> {
  /** The same on every attempt: use it to recognise repeats. */
  readonly id: string
  readonly type: Type
  readonly timestamp: Date
  readonly organizationId: string
  /** Increases with every event in this storage, in commit order. */
  readonly sequence: number
  readonly data: {
    /** The invite as the event left it. */
    readonly invite: LeftBy<Type, Role>
    /** The user who did it; null for the system, an API key, or somebody who only holds the token. */
    readonly actor: { readonly userId: string } | null
    /** The status before the event; null for `invite.created`. */
    readonly previousStatus: InviteStatus | null
  }
}

type In<Role extends string, State> = Extract<Invite<Role>, State>

/** An accepted open invite can still be pending for other users; `actor` is the user who accepted. */
type LeftBy<Type extends InviteEventType, Role extends string> = Type extends 'invite.accepted'
  ? In<Role, { status: 'accepted' } | { kind: 'open'; status: 'pending' }>
  : Type extends 'invite.declined'
    ? In<Role, { status: 'declined' }>
    : Type extends 'invite.revoked'
      ? In<Role, { status: 'revoked' }>
      : Invite<Role>

export interface Sink {
  /** Names the sink in the outbox. Keep it the same between deployments: queued events are addressed to it. */
  readonly name: string
  /**
   * Resolve when the event was accepted, reject when it was not; it is then tried again later. May be called again with the
   * same `event.id`, after a crash for instance. An error with `permanent: true` is not tried again; one with `gone: true`
   * disables the sink for all processes until `invites.relay.enable(name)`, and its events are dropped meanwhile.
   */
  publish(event: InviteEvent, options: { readonly signal: AbortSignal }): Promise<void>
  /** Closes open connections. `invites.close()` waits 5 s for it; an error goes to `onError`. */
  close?(): void | Promise<void>
}
