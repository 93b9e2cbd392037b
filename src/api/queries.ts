// Calls that read. They are allowed to whoever may grant at least one role.
import type { Context } from './context.ts'
import type { ListInput } from './inputs.ts'
import type { HistoryEntry, ListAnswer, Listed, Summary } from './results.ts'

export interface QueryCalls<Role extends string, Tx, Metadata> {
  /**
   * One invite of the actor's organization, with its link if asked for.
   *
   * ```ts
   * const invite = await invites.get({ id }, { actor })
   * if (invite.status === 'accepted') console.log(invite.acceptedBy)
   * ```
   * Throws `invite_not_found`, also for another organization's.
   */
  get(
    input: { readonly id: string; readonly include?: readonly 'link'[] | undefined },
    context: Context<Tx>,
  ): Promise<Listed<Role, Metadata>>
  /**
   * One page of the organization's invites.
   *
   * ```ts
   * const { data, nextCursor } = await invites.list({ status: 'pending', q: 'ada', limit: 20 }, { actor })
   * ```
   * Throws `invalid_cursor` for a cursor of another list, sort or organization.
   */
  list(input: ListInput<Role>, context: Context<Tx>): Promise<ListAnswer<Role, Metadata>>
  /**
   * All pages, invite by invite. An invite that exists from the first page to the last comes exactly once.
   *
   * ```ts
   * for await (const invite of invites.each({ status: 'expired' }, { actor })) console.log(invite.id)
   * ```
   */
  each(input: Omit<ListInput<Role>, 'cursor'>, context: Context<Tx>): AsyncIterable<Listed<Role, Metadata>>
  /**
   * The link of a pending invite, for a copy button; only for those who may grant its role.
   *
   * ```ts
   * const { link } = await invites.link({ id }, { actor })
   * ```
   */
  link(input: { readonly id: string }, context: Context<Tx>): Promise<{ readonly link: string; readonly code?: string }>
  /**
   * What happened to one invite, oldest first, 100 at a time.
   *
   * ```ts
   * const { data } = await invites.history({ id }, { actor })   // invite.created, invite.sent, invite.accepted
   * ```
   */
  history(
    input: { readonly id: string; readonly cursor?: string | undefined },
    context: Context<Tx>,
  ): Promise<{ readonly data: readonly HistoryEntry[]; readonly nextCursor: string | null }>
  /**
   * Numbers for a members page: pending invites and seats with their limits, counts by status, and daily counts of 30 days.
   *
   * ```ts
   * const { pending, seats, grants } = await invites.summary({}, { actor })
   * ```
   */
  summary(input: object, context: Context<Tx>): Promise<Summary<Role>>
}
