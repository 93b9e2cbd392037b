// The invitee's calls, made with a token or code. None of them signs anybody in.
import type { Invite } from '../ports/invite.ts'
import type { ActorInput, InTransaction, OpenContext } from './context.ts'
import type { ByToken, ByTokenOrId } from './inputs.ts'
import type { Accepted, Preview } from './results.ts'

export interface InviteeCalls<Role extends string, Tx, Metadata> {
  /**
   * What a landing page shows. It changes nothing and works for invites in every status.
   *
   * ```ts
   * const { organization, role, next } = await invites.preview({ token }, { actor })
   * ```
   * Throws `invite_not_found` for a token or code that is not valid, `rate_limited` after too many wrong codes.
   */
  preview(input: ByToken, context?: OpenContext<Tx>): Promise<Preview<Role>>
  /**
   * Sets `openedAt`, the first time it is called. Call it when the invitee continues from the landing page: from a button,
   * never from a GET, which link scanners make too.
   *
   * ```ts
   * await invites.open({ token })
   * ```
   */
  open(input: { readonly token: string }, context?: OpenContext<Tx>): Promise<void>
  /**
   * Accepts the invite: makes the actor a member.
   *
   * ```ts
   * const { member, repeated } = await invites.accept({ token }, { actor })
   * ```
   * `role` is the role that was shown: if the invite has another by now, it throws `role_changed`. Accepting again is a success
   * that changes nothing.
   * Throws `recipient_mismatch` and `email_unverified` (with the address masked), `invite_expired`, `invite_revoked`,
   * `already_member`, `seat_limit_reached`, `inviter_unauthorized`, `uses_exhausted`, `unauthenticated`.
   */
  accept(
    input: ByTokenOrId & { readonly role?: string | undefined },
    context: InTransaction<Tx> & { readonly actor: ActorInput; readonly idempotencyKey?: string | undefined },
  ): Promise<Accepted<Role, Metadata>>
  /**
   * Declines the invite. With a token or code no actor is needed.
   *
   * ```ts
   * await invites.decline({ token, reason: 'Thanks, but no' })
   * ```
   * `reason` has at most 500 characters. Throws `not_declinable` for an open invite, `invite_not_found`, `invite_expired`,
   * `invite_revoked`, `invite_already_accepted`; with an actor also `recipient_mismatch` and `email_unverified`.
   */
  decline(
    input: ByTokenOrId & { readonly reason?: string | undefined },
    context?: OpenContext<Tx>,
  ): Promise<{ readonly invite: Invite<Role, Metadata> }>
  /**
   * Asks the inviter of an expired or revoked invite for a new one, by the event `invite.renewal_requested`. The invite does
   * not change. Of a pending invite it does nothing.
   *
   * ```ts
   * await invites.renew({ token })
   * ```
   */
  renew(input: ByToken, context?: OpenContext<Tx>): Promise<void>
  /**
   * The pending invites to the actor's verified addresses, in every organization, for people who lost the mail. They may be
   * accepted and declined by id.
   *
   * ```ts
   * const { data } = await invites.mine({}, { actor })
   * ```
   */
  mine(input: object, context: OpenContext<Tx>): Promise<{ readonly data: readonly Invite<Role, Metadata>[] }>
}
