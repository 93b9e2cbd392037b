// Names for pages and mails, from the host.
type MaybePromise<T> = T | Promise<T>

export interface Directory {
  /** The organization's name, or null when there is none. Default: no name. */
  organization?(organizationId: string): MaybePromise<{ readonly name: string } | null>
  /** A user's name. Default: the `name` of the actor who made the invite. */
  user?(userId: string): MaybePromise<{ readonly name: string } | null>
  /** Whether somebody can sign in with this address: chooses between sign-in and sign-up. Default: sign-in. */
  hasAccount?(address: { readonly email?: string | undefined; readonly phone?: string | undefined }): MaybePromise<boolean>
}
