// The invitee's calls. A token or a code opens them; none ever signs anybody in.
import type { Invite } from '../ports/invite.ts'
import type { ActorInput, InTransaction, OpenContext } from './context.ts'
import type { ByToken, ByTokenOrId } from './inputs.ts'
import type { Accepted, Preview } from './results.ts'

export interface InviteeCalls<Role extends string, Tx, Metadata> {
  /**
   * What a landing page shows. Consumes nothing; a dead invite answers with its status.
   *
   * ```ts
   * const { organization, role, next } = await invites.preview({ token }, { actor })
   * ```
   * Throws `invite_not_found` for any token or code that opens nothing, `rate_limited` after too many wrong codes.
   */
  preview(input: ByToken, context?: OpenContext<Tx>): Promise<Preview<Role>>
  /**
   * Marks that a human went on from the link; the first time counts. Call it from a button, never from a GET.
   *
   * ```ts
   * await invites.open({ token })
   * ```
   */
  open(input: { readonly token: string }, context?: OpenContext<Tx>): Promise<void>
  /**
   * Makes the actor a member.
   *
   * ```ts
   * const { member, repeated } = await invites.accept({ token }, { actor })
   * ```
   * `role` asserts the role that was shown (`role_changed`). Accepting again is a success that changes nothing.
   * Throws `recipient_mismatch` and `email_unverified` (with the address masked), `invite_expired`, `invite_revoked`,
   * `already_member`, `seat_limit_reached`, `inviter_unauthorized`, `uses_exhausted`, `unauthenticated`.
   */
  accept(
    input: ByTokenOrId & { readonly role?: string | undefined },
    context: InTransaction<Tx> & { readonly actor: ActorInput; readonly idempotencyKey?: string | undefined },
  ): Promise<Accepted<Role, Metadata>>
  /**
   * Says no. By token nobody needs to be signed in.
   *
   * ```ts
   * await invites.decline({ token, reason: 'Thanks, but no' })
   * ```
   * Throws `not_declinable` for an open invite.
   */
  decline(
    input: ByTokenOrId & { readonly reason?: string | undefined },
    context?: OpenContext<Tx>,
  ): Promise<{ readonly invite: Invite<Role, Metadata> }>
  /**
   * Asks the inviter of an expired or revoked invite for a new one: the event `invite.renewal_requested`.
   *
   * ```ts
   * await invites.renew({ token })
   * ```
   */
  renew(input: ByToken, context?: OpenContext<Tx>): Promise<void>
  /**
   * The live invites to the actor's verified addresses, in every organization: people lose mails. They may be accepted
   * and declined by id.
   *
   * ```ts
   * const { data } = await invites.mine({}, { actor })
   * ```
   */
  mine(input: object, context: OpenContext<Tx>): Promise<{ readonly data: readonly Invite<Role, Metadata>[] }>
}
