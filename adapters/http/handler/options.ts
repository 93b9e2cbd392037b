// The options that all mounts share, as given and after checking.

/** `management`: the routes of an organization's own people. `public`: those of invitees, and the pages. */
export type Part = 'management' | 'public'

export interface HandleOptions {
  /** Who calls, from your own authentication. Each mount calls it with its own request; here only its presence is checked. */
  readonly actor?: ((...native: never[]) => unknown) | undefined
  /** Which half to mount. Default both. */
  readonly parts?: readonly Part[] | undefined
  readonly publicLimits?: PublicLimits | undefined
  /** How long a body may take to arrive, in milliseconds. Default 10,000. */
  readonly bodyTimeout?: number | undefined
}

/** Rate limits of the public routes. `Infinity` turns one off. */
export interface PublicLimits {
  /** Requests a minute from one client address (IPv6: its /64). Default 60. */
  readonly perClient?: number | undefined
  /** Answers a minute to one invite. Default 10. */
  readonly answersPerInvite?: number | undefined
  /** Wrong codes that one client may try in 10 minutes. Default 10. (All together: 1000 an hour, in the library itself.) */
  readonly codesPerClient?: number | undefined
}

/** The options after checking, with their defaults. */
export interface HandleSettings {
  readonly parts: ReadonlySet<Part>
  readonly publicLimits: Required<{ readonly [L in keyof PublicLimits]: number }>
  /** In milliseconds. */
  readonly bodyTimeout: number
}
