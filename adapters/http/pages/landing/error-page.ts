// What a person sees who is refused, or for whom something broke: a page as the others are. JSON is for who asks for it.
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

/** As every browser does that opens a page. */
const asksForPage = (request: Asked): boolean => accepts(request, 'text/html')

/** As code does. */
export const asksForJson = (request: Asked): boolean => accepts(request, 'json') && !asksForPage(request)

/** The answer to an unexpected error where no host's error handling stands behind the mount. */
export function internalError({ invites, profile, request, requestId }: Broken): Reply | Response {
  const reply = profile.refuse({ code: 'internal', requestId, route: null })
  return asksForPage(request) ? refusedPage(invites, request, reply) : reply
}

/** The refusal as a page, with its status and headers; nothing was looked up for it. */
export function refusedPage(invites: { readonly config: Config }, request: Asked, { status, headers }: Reply): Response {
  const state = status === 429 ? 'busy' : 'trouble'
  const page = show(invites, request, { state, seen: null, actor: null, roleChanged: false, signIn: null, home: null })
  const own = Object.entries(headers ?? {}).filter(([name]) => name !== 'content-type')
  for (const [name, value] of own) page.headers.set(name, value)
  return new Response(page.body, { status, headers: page.headers })
}
