// The second argument of every call: the actor, their organization, the transaction to join, and the idempotency key.

/** An e-mail address needs `emailVerified`, because only the host knows whether it was verified. */
type WithEmail =
  | { readonly email?: string | null | undefined; readonly emailVerified: boolean }
  | { readonly email?: null | undefined; readonly emailVerified?: boolean | undefined }

/**
 * Who makes the call. Take it from your own authentication, never from a request's body.
 * An API key has `userId: null`. An invitee needs no organization and no role. A role that is not one of `roles` is refused
 * (`forbidden`) by calls on an organization.
 */
export type ActorInput = WithEmail & {
  /** Your user id, 1 to 255 characters; null for an API key. */
  readonly userId: string | null
  /** The organization that the actor works in. Needed by calls on an organization. */
  readonly organizationId?: string | null | undefined
  /** The actor's role there. Without one nothing may be granted. */
  readonly role?: string | null | undefined
  /** E.164, or any form that the option `phone` parses. */
  readonly phone?: string | null | undefined
  /** Only `true` counts. Default `false`. */
  readonly phoneVerified?: boolean | undefined
  /** Shown as the inviter's name when `directory.user` gives none. */
  readonly name?: string | null | undefined
}

export interface InTransaction<Tx> {
  /** Your transaction, to join it: nothing is committed or sent before you commit. Default: a transaction of its own. */
  readonly tx?: Tx | undefined
}

/** The context of a call on an organization. `'system'` is your own code: limits apply to it, role rules do not. */
export type Context<Tx> = InTransaction<Tx> & {
  /**
   * A call with the same key and input within 24 hours is not made again: it gets the stored answer. With another input it is
   * refused (`idempotency_mismatch`). Used by `create`, `createMany`, `accept`, `resend`, `revoke` and `update`; other calls
   * are safe to repeat.
   */
  readonly idempotencyKey?: string | undefined
} & (
    | { readonly actor: ActorInput; readonly organizationId?: undefined }
    | { readonly actor: 'system'; readonly organizationId: string }
  )

/** The context of the invitee's calls. Without an actor the caller is whoever holds the token. */
export type OpenContext<Tx> = InTransaction<Tx> & { readonly actor?: ActorInput | null | undefined }
