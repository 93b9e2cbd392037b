// The options of a mount, as they are given and as they are checked.

/** `management`: what an organization's own people do. `public`: what an invitee does, and the pages. */
export type Part = 'management' | 'public'

export interface HandleOptions {
  /** Who calls, from your own authentication. Only its presence is looked at here: mounts ask it, with their own request. */
  readonly actor?: ((...native: never[]) => unknown) | undefined
  /** Which half to mount. Default both. */
  readonly parts?: readonly Part[] | undefined
  readonly publicLimits?: PublicLimits | undefined
  /** How long a body may take to arrive, in milliseconds. Default 10,000. */
  readonly bodyTimeout?: number | undefined
}

/** `Infinity` turns one off. */
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
