// Port: the host's names of organizations and users, for pages and mails.
type MaybePromise<T> = T | Promise<T>

/** A user in the host's directory. */
export interface UserEntry {
  readonly name: string
  readonly email?: string | null | undefined
  /** A BCP 47 tag such as `pt-BR`. */
  readonly locale?: string | null | undefined
}

/** All of it is optional. A function that takes longer than 10 s makes the call that needs it fail as `unavailable`. */
export interface Directory {
  /** The organization's name, or null when there is none. Default: no name. */
  organization?(organizationId: string): MaybePromise<{ readonly name: string } | null>
  /**
   * A user's name. Default: the `name` of the actor who made the invite. `email` is where `expiryNotices` go, and `locale`
   * their language; without an address no notice is sent.
   */
  user?(userId: string): MaybePromise<UserEntry | null>
  /** Whether somebody can sign in with this address: chooses between sign-in and sign-up. Default: sign-in. */
  hasAccount?(address: { readonly email?: string | undefined; readonly phone?: string | undefined }): MaybePromise<boolean>
}
