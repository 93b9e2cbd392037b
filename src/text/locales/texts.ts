// The sentences that every language must have for the built-in messages. A language that lacks one does not compile.

/**
 * Values come in as the part needs them, escaped for HTML or isolated for plain text. The sentences themselves go into HTML
 * as they are, so they must not have `<`, `>` or `&` in them.
 */
export interface Texts {
  /** The language of a BCP 47 tag, such as `de`. */
  readonly language: string
  /** Written from right to left. */
  readonly rtl: boolean
  /** Who invites to which organization; either may be unknown. It is also the subject. */
  readonly headline: (inviter: string | null, organization: string | null) => string
  /** The subject of a reminder. */
  readonly reminder: (headline: string) => string
  readonly hello: (name: string | null) => string
  readonly role: (role: string) => string
  /** Role names that many apps have. A role that is not among them is shown by its own name. */
  readonly roles: Readonly<Record<string, string>>
  readonly button: string
  /** Stands above the link in full, for clients that show no button. */
  readonly address: string
  readonly code: (code: string) => string
  readonly until: (date: string) => string
  /** What to do with a mail that was not expected. */
  readonly unexpected: string
  /** The expiry notice: it tells the inviter that nobody answered their invite. */
  readonly expired: {
    readonly headline: (who: string) => string
    readonly body: (who: string, organization: string | null, date: string) => string
    readonly advice: string
    readonly button: string
  }
}
