// Who calls, where, and in which transaction: the second argument of every call.

/** An e-mail comes with the host's word on whether it is verified: nothing else can tell. */
type WithEmail =
  | { readonly email?: string | null | undefined; readonly emailVerified: boolean }
  | { readonly email?: null | undefined; readonly emailVerified?: boolean | undefined }

/**
 * Who makes the call, from your own authentication, never from a request's body.
 * An API key has `userId: null`; an invitee needs no organization and no role; a role that is none of `roles` is refused by
 * calls on an organization.
 */
export type ActorInput = WithEmail & {
  readonly userId: string | null
  readonly organizationId?: string | null | undefined
  readonly role?: string | null | undefined
  /** E.164, or as your parser understands it. */
  readonly phone?: string | null | undefined
  readonly phoneVerified?: boolean | undefined
  /** Shown as the inviter when there is no `directory.user`. */
  readonly name?: string | null | undefined
}

/** `tx` joins your transaction: nothing is begun, committed or sent before you commit. */
export interface InTransaction<Tx> {
  readonly tx?: Tx | undefined
}

/** Who calls, in whose organization, in which transaction. `'system'` is your own code: limits apply to it, roles do not. */
export type Context<Tx> = InTransaction<Tx> & {
  /**
   * The same key and input answer the same for 24 hours, whatever happened to the first answer. Heeded by `create`,
   * `createMany`, `accept`, `resend`, `revoke` and `update`; to repeat the others does no harm, or is refused.
   */
  readonly idempotencyKey?: string | undefined
} & (
    | { readonly actor: ActorInput; readonly organizationId?: undefined }
    | { readonly actor: 'system'; readonly organizationId: string }
  )

/** For calls that a token opens: without an actor, whoever holds the token. */
export type OpenContext<Tx> = InTransaction<Tx> & { readonly actor?: ActorInput | null | undefined }
