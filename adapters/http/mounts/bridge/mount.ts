// What every mount does: finds the path below its prefix, asks the host who is signed in, passes unexpected errors to the host.
import type { Actor } from '../../../../src/core.ts'
import type { Handle, Params } from '../../handler/exchange.ts'
import { toHostError } from '../../handler/host-error.ts'
import type { Incoming, Outgoing } from '../../handler/message.ts'
import type { ProfileOption } from '../../handler/profile.ts'

type MaybePromise<T> = T | Promise<T>

export interface MountOptions<Native> extends ProfileOption {
  /** Who makes this call, from your own session; falsy when nobody is signed in. `parts: ['public']` may go without. */
  readonly actor?: ((native: Native, params: Params) => MaybePromise<Actor | null | undefined | false | '' | 0>) | undefined
  /** Which half to mount. Default: both. */
  readonly parts?: readonly ('management' | 'public')[] | undefined
  /** The client's address, for limits on public routes. Default, also when it answers nothing: the address that the framework trusts. */
  readonly clientAddress?: ((native: Native) => string | null | undefined) | undefined
}

/** `onError` is told of an unexpected error before the host's error handling is, whose default prints no cause. */
export interface MountHooks<Native> extends MountOptions<Native> {
  readonly onError?: ((error: unknown, context: { readonly where: string }) => void) | undefined
}

/** What a mount reads from its native request. */
export interface NativeFacts {
  readonly path: string
  /** Route parameters of the host (`/orgs/:org/invites`), decoded. */
  readonly params: Params
  /** As the framework trusts it. */
  readonly clientAddress: string | null | undefined
}

/** Calls the handle. Errors of the host's `actor` are thrown as they are; all others become one of status 500, `expose: false`. */
export async function callHandle<Native>(
  handle: Handle,
  request: Incoming,
  { native, facts, options }: { readonly native: Native; readonly facts: NativeFacts; readonly options: MountHooks<Native> },
): Promise<Outgoing | undefined> {
  const clientAddress = options.clientAddress?.(native) || facts.clientAddress || null
  let answered: Promise<Actor | null> | undefined
  let hostFailure: { readonly error: unknown } | undefined
  const ask = async () => {
    try {
      return actorFrom(await options.actor?.(native, facts.params))
    } catch (error) {
      hostFailure = { error }
      throw error
    }
  }
  try {
    return await handle(request, { path: facts.path, clientAddress, actor: () => (answered ??= ask()) })
  } catch (error) {
    if (hostFailure?.error === error) throw error
    options.onError?.(error, { where: 'http' })
    throw toHostError(error)
  }
}

/** The actor of a host's answer. Throws for one without a proper `userId`: a number would otherwise count as nobody signed in. */
export function actorFrom(answer: unknown): Actor | null {
  if (!answer) return null
  const { userId } = answer as { readonly userId?: unknown }
  if (typeof userId === 'string' || userId === null) return answer as Actor
  const found = typeof answer === 'object' ? `one whose \`userId\` is ${typeof userId}` : `a ${typeof answer}`
  throw new TypeError(`invitekit: \`actor\` must answer { userId: string, … } or null, and answered ${found}`)
}

/** Methods that a fetch Request cannot have. No mount takes them. */
export const isForbiddenMethod = (method: string): boolean => ['CONNECT', 'TRACE', 'TRACK'].includes(method)

/** The path of a request target or URL as it was sent. Not by `new URL`, which would take `//evil` for a host. */
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
    return null // '%zz' cannot be decoded, and matches nothing
  }
}
