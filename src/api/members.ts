// Calls on the built-in member table. With the option `members` only `list` works, through your port; the others throw.
import type { Context } from './context.ts'
import type { MemberView } from './results.ts'

export interface MemberCalls<Role extends string, Tx> {
  /**
   * Adds a member without an invite.
   *
   * ```ts
   * await invites.members.add({ userId, role: 'owner' }, { actor: 'system', organizationId })
   * ```
   * Throws `already_member`, `seat_limit_reached`, `role_not_grantable`.
   */
  add(
    input: { readonly userId: string; readonly role: Role; readonly email?: string | undefined },
    context: Context<Tx>,
  ): Promise<{ readonly member: MemberView<Role> }>
  /**
   * Gives a member another role; the actor must be able to grant the old one and the new one.
   *
   * ```ts
   * await invites.members.setRole({ userId, role: 'admin' }, { actor })
   * ```
   */
  setRole(
    input: { readonly userId: string; readonly role: Role },
    context: Context<Tx>,
  ): Promise<{ readonly member: MemberView<Role> }>
  /**
   * Removes a member, and their address from the table. Invites that they made can no longer be accepted. Removing somebody
   * who is not a member is a success.
   *
   * ```ts
   * await invites.members.remove({ userId }, { actor })
   * ```
   */
  remove(input: { readonly userId: string }, context: Context<Tx>): Promise<void>
  /**
   * One member, or null. Use it to fill in the role of an `actor`.
   *
   * ```ts
   * const member = await invites.members.get({ userId }, { actor: 'system', organizationId })
   * ```
   */
  get(input: { readonly userId: string }, context: Context<Tx>): Promise<MemberView<Role> | null>
  /**
   * A page of members, 1 to 200 at a time (default 50).
   *
   * ```ts
   * const { data, nextCursor } = await invites.members.list({}, { actor })
   * ```
   */
  list(
    input: { readonly limit?: number | undefined; readonly cursor?: string | undefined },
    context: Context<Tx>,
  ): Promise<{ readonly data: readonly MemberView<Role>[]; readonly nextCursor: string | null }>
}
