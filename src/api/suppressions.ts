// Suppressions: addresses that want no messages from an organization. `create` still works and returns the link, but no
// message is sent and the delivery is `suppressed`. Only a keyed hash of the address is stored.

/** What the page of an unsubscribe link shows. */
export interface SuppressionPreview {
  readonly organization: { readonly id: string; readonly name: string | null }
  /** The address, masked; null once it is erased. */
  readonly recipient: string | null
  readonly locale: string | null
  /** Whether the address is suppressed already. */
  readonly suppressed: boolean
}

type Address = { readonly email: string; readonly phone?: undefined } | { readonly phone: string; readonly email?: undefined }

/** Your own code, acting for one organization. */
interface System {
  readonly actor: 'system'
  readonly organizationId: string
}

/** The last part of an unsubscribe link: `{publicUrl}/u/{signed}`. */
interface Signed {
  readonly signed: string
}

export interface SuppressionCalls {
  /**
   * Suppresses an address: it gets no more messages from the organization. Repeating it is a success. By `'system'` only.
   *
   * ```ts
   * await invites.suppressions.add({ email }, { actor: 'system', organizationId })
   * ```
   */
  add(input: Address, context: System): Promise<void>
  /** Ends a suppression. Call it only when the recipient asked for it. Repeating it is a success. By `'system'` only. */
  remove(input: Address, context: System): Promise<void>
  /** Whether an address is suppressed for the organization. By `'system'` only. */
  has(input: Address, context: System): Promise<boolean>
  /**
   * What the page of an unsubscribe link shows. Changes nothing, and works for an erased invite too. Throws
   * `invite_not_found` when the link was not signed by one of `keys`.
   */
  preview(input: Signed): Promise<SuppressionPreview>
  /** Suppresses the recipient's address. Repeating it is a success. `POST /u/:signed` does this. */
  unsubscribe(input: Signed): Promise<void>
  /** Ends the suppression again, by the recipient's own choice. */
  resubscribe(input: Signed): Promise<void>
}
