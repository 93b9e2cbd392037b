// Refusals and internal errors as a page for people. Clients that accept only JSON get the profile's own form.
import type { Config } from '../../../../src/core.ts'
import type { Incoming, Reply } from '../../handler/message.ts'
import type { Profile } from '../../handler/profile.ts'
import { show } from './landing.ts'

type Asked = Pick<Incoming, 'method' | 'headers'>

const accepts = ({ headers }: Asked, type: string) => headers.get('accept')?.toLowerCase().includes(type) === true

interface Broken {
  readonly invites: { readonly config: Config }
  readonly profile: Profile
  readonly request: Asked
  readonly requestId: string
}

/** Browsers that open a page accept `text/html`. */
const asksForPage = (request: Asked): boolean => accepts(request, 'text/html')

/** Clients that are programs accept JSON and not `text/html`. */
export const asksForJson = (request: Asked): boolean => accepts(request, 'json') && !asksForPage(request)

/** The answer to an unexpected error where no host's error handling stands behind the mount. */
export function internalError({ invites, profile, request, requestId }: Broken): Reply | Response {
  const reply = profile.refuse({ code: 'internal', requestId, route: null })
  return asksForPage(request) ? refusedPage(invites, request, reply) : reply
}

/** The refusal as a page, with the status and headers of `reply`. It names no invite, because none was read. */
export function refusedPage(invites: { readonly config: Config }, request: Asked, { status, headers }: Reply): Response {
  const state = status === 429 ? 'busy' : 'trouble'
  const page = show(invites, request, { state, seen: null, actor: null, roleChanged: false, signIn: null, home: null })
  const own = Object.entries(headers ?? {}).filter(([name]) => name !== 'content-type')
  for (const [name, value] of own) page.headers.set(name, value)
  return new Response(page.body, { status, headers: page.headers })
}
