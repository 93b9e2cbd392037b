// The words that a language has for the built-in messages. Values come in marked up or escaped as the part needs them; the
// words themselves have no character that HTML would read.

export interface Texts {
  readonly language: string
  readonly rtl: boolean
  /** Who invites to what; either may be unknown. Also the subject. */
  readonly headline: (inviter: string | null, organization: string | null) => string
  readonly reminder: (headline: string) => string
  readonly hello: (name: string | null) => string
  readonly role: (role: string) => string
  /** Role names that everybody has; others are shown as they are. */
  readonly roles: Readonly<Record<string, string>>
  readonly button: string
  readonly address: string
  readonly code: (code: string) => string
  readonly until: (date: string) => string
  readonly unexpected: string
  /** To the inviter, of an invite that nobody answered. */
  readonly expired: {
    readonly headline: (who: string) => string
    readonly said: (who: string, organization: string | null, date: string) => string
    readonly advice: string
    readonly button: string
  }
}
