// Who wants no more messages from an organization. `create` goes on working and answers with the link; the message is not
// sent, and its delivery says `suppressed`. Only a keyed hash of the address is kept.

/** What the page behind an unsubscribe link shows. */
export interface SuppressionPreview {
  readonly organization: { readonly id: string; readonly name: string | null }
  /** Masked; null once the address is erased. */
  readonly recipient: string | null
  readonly locale: string | null
  /** Whether they have said no already. */
  readonly suppressed: boolean
}

type Address = { readonly email: string; readonly phone?: undefined } | { readonly phone: string; readonly email?: undefined }

/** Your own code, for one organization. */
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
   * No more messages from the organization to this address; again is a success. By 'system' only.
   *
   * ```ts
   * await invites.suppressions.add({ email }, { actor: 'system', organizationId })
   * ```
   */
  add(input: Address, context: System): Promise<void>
  /** Messages may be sent again. Once the recipient asked for it: whoever unsubscribed meant it. */
  remove(input: Address, context: System): Promise<void>
  has(input: Address, context: System): Promise<boolean>
  /**
   * What the link in a mail is for. Changes nothing, and needs no key but one of `keys`; also of an erased invite.
   * Throws `invite_not_found` for a forged one.
   */
  preview(input: Signed): Promise<SuppressionPreview>
  /** The recipient says no; again is a success. `POST /u/:signed` does this. */
  unsubscribe(input: Signed): Promise<void>
  /** The recipient takes it back. */
  resubscribe(input: Signed): Promise<void>
}
