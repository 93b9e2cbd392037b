// What every mount does alike: finds the path below itself, asks the host who acts, hands what is unexpected to the host.
import type { Actor } from '../../../../src/core.ts'
import type { Handle, Params } from '../../handler/exchange.ts'
import { toHostError } from '../../handler/host-error.ts'
import type { Incoming, Outgoing } from '../../handler/message.ts'
import type { ProfileOption } from '../../handler/profile.ts'

type MaybePromise<T> = T | Promise<T>

export interface MountOptions<Native> extends ProfileOption {
  /** Who makes this call, from your own session; falsy when nobody is signed in. `parts: ['public']` may go without. */
  readonly actor?: ((native: Native, params: Params) => MaybePromise<Actor | null | undefined | false | '' | 0>) | undefined
  /** Mounts half. Default: both. */
  readonly parts?: readonly ('management' | 'public')[] | undefined
  /** The client's address, for limits on public routes. Default, and when it answers nothing: the framework's trusted view. */
  readonly clientAddress?: ((native: Native) => string | null | undefined) | undefined
}

/** With where to report; the host's error handling hears of the same error afterwards, but its default prints no cause. */
export interface MountHooks<Native> extends MountOptions<Native> {
  readonly onError?: ((error: unknown, context: { readonly where: string }) => void) | undefined
}

/** What is to be read from a native request; `clientAddress` is the framework's trusted view. */
export interface Seen {
  readonly path: string
  /** Route parameters of the host (`/orgs/:org/invites`), decoded. */
  readonly params: Params
  readonly clientAddress: string | null | undefined
}

/** Calls the handle. Errors of the host's own hooks stay as they are; all others come out as status 500, expose false. */
export async function answer<Native>(
  handle: Handle,
  request: Incoming,
  { native, seen, options }: { readonly native: Native; readonly seen: Seen; readonly options: MountHooks<Native> },
): Promise<Outgoing | undefined> {
  const clientAddress = options.clientAddress?.(native) || seen.clientAddress || null
  let asked: Promise<Actor | null> | undefined
  let refused: { readonly error: unknown } | undefined
  const ask = async () => {
    try {
      return actorFrom(await options.actor?.(native, seen.params))
    } catch (error) {
      refused = { error }
      throw error
    }
  }
  try {
    return await handle(request, { path: seen.path, clientAddress, actor: () => (asked ??= ask()) })
  } catch (error) {
    if (refused?.error === error) throw error
    options.onError?.(error, { where: 'http' })
    throw toHostError(error)
  }
}

/** A session's user with a number for an id would be nobody: that is for the host to hear, not for its visitors. */
export function actorFrom(answer: unknown): Actor | null {
  if (!answer) return null
  const { userId } = answer as { readonly userId?: unknown }
  if (typeof userId === 'string' || userId === null) return answer as Actor
  const came = typeof answer === 'object' ? `one whose \`userId\` is ${typeof userId}` : `a ${typeof answer}`
  throw new TypeError(`invitekit: \`actor\` must answer { userId: string, … } or null, and answered ${came}`)
}

/** Fetch makes no Request of these, so no mount takes them. */
export const isUnfit = (method: string): boolean => ['CONNECT', 'TRACE', 'TRACK'].includes(method)

/** The path of a request target or URL as it was sent: `new URL` would take the host from `//evil`. */
export const pathOf = (target: string): string =>
  target.replace(/^[a-z][a-z0-9+.-]*:\/\/[^/?#]*/i, '').replace(/[?#].*$/s, '') || '/'

/** The query of a request target or URL as it was sent, with its '?'. */
export const queryOf = (target: string): string => /^[^?#]*(\?[^#]*)/.exec(target)?.[1] ?? ''

/** Takes a prefix such as `/invites` or `/orgs/:org/invites` from a path; null when the path is not below it. */
export function toPrefix(prefix: string): (path: string) => { readonly path: string; readonly params: Params } | null {
  const pattern = prefix.split('/').filter(part => part !== '')
  return path => {
    const [, ...parts] = path.split('/')
    const params: Record<string, string> = {}
    for (const [index, wanted] of pattern.entries()) {
      const part = parts[index]
      const value = wanted.startsWith(':') ? decoded(part) : null
      if (value) params[wanted.slice(1)] = value
      else if (part !== wanted) return null
    }
    return { path: `/${parts.slice(pattern.length).join('/')}`, params }
  }
}

function decoded(part = ''): string | null {
  try {
    return decodeURIComponent(part)
  } catch {
    return null // '%zz': no test tells beforehand, and what cannot be decoded matches nothing
  }
}
