// The options of a mount, as they are given and after checking.

/** `management`: the routes for members of an organization. `public`: the routes for invitees, and the pages. */
export type Part = 'management' | 'public'

export interface HandleOptions {
  /** Answers who calls, from your own authentication. Required unless `parts` is `['public']`. Mounts call it with their request. */
  readonly actor?: ((...native: never[]) => unknown) | undefined
  /** Which routes to mount. Default: both parts. */
  readonly parts?: readonly Part[] | undefined
  /** Rate limits of the public routes. Default: those of `PublicLimits`. */
  readonly publicLimits?: PublicLimits | undefined
  /** How long the body of a request may take to arrive, in milliseconds. Default 10,000. */
  readonly bodyTimeout?: number | undefined
}

/** Rate limits against guessing and flooding. `Infinity` turns one off. */
export interface PublicLimits {
  /** Requests a minute from one client address (IPv6: its /64). Default 60. */
  readonly perClient?: number | undefined
  /** Answers a minute to one invite. Default 10. */
  readonly answersPerInvite?: number | undefined
  /** Wrong codes that one client may try in 10 minutes. Default 10. (All together: 1000 an hour, in the library itself.) */
  readonly codesPerClient?: number | undefined
}

/** Options after checking. */
export interface HandleSettings {
  readonly parts: ReadonlySet<Part>
  readonly publicLimits: Required<{ readonly [L in keyof PublicLimits]: number }>
  /** In milliseconds. */
  readonly bodyTimeout: number
}
