// Names for pages and mails, from the host.
type MaybePromise<T> = T | Promise<T>

/** What the host knows of a user. */
export interface UserEntry {
  readonly name: string
  readonly email?: string | null | undefined
  /** A BCP 47 tag such as `pt-BR`. */
  readonly locale?: string | null | undefined
}

/** Each function has 10 s to answer; then the call that waits for it is `unavailable`. */
export interface Directory {
  /** The organization's name, or null when there is none. Default: no name. */
  organization?(organizationId: string): MaybePromise<{ readonly name: string } | null>
  /**
   * A user's name. Default: the `name` of the actor who made the invite. `email` is where `expiryNotices` go, and `locale`
   * their language; without an address nobody is told.
   */
  user?(userId: string): MaybePromise<UserEntry | null>
  /** Whether somebody can sign in with this address: chooses between sign-in and sign-up. Default: sign-in. */
  hasAccount?(address: { readonly email?: string | undefined; readonly phone?: string | undefined }): MaybePromise<boolean>
}
