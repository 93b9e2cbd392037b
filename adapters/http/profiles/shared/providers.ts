// Routes of those who carry messages: providers report what became of one, mail clients end them for their user.
import { refuse } from '../../handler/refusal.ts'
import { type AnyInvites, type Route, type RouteContext, signedRoute } from '../../handler/route.ts'
import { unsubscribePage } from '../../pages/unsubscribe/unsubscribe.ts'
import { nothing } from './pages.ts'

export function providers(invites: AnyInvites): readonly Route[] {
  const open = {
    body: nothing,
    query: nothing,
    anyQuery: true,
    limited: 'refusals',
    fromElsewhere: true,
  } as const
  const page = {
    ...open,
    path: '/u/:signed',
    page: true,
    answers: { 200: 'text/html', 404: 'text/html' },
  } as const
  const choose = ({ visit }: { readonly visit: RouteContext }) =>
    unsubscribePage(invites, { signed: visit.params['signed'] ?? '', request: visit.request, body: visit.bytes })

  return [
    signedRoute(
      {
        ...open,
        method: 'POST',
        path: '/callbacks/:transport',
        name: 'callback',
        summary: 'What a provider reports, in its own format, to the transport of that name.',
        bytes: { '*/*': {} },
        answers: { 204: null },
      },
      async ({ visit: { params, request, path, bytes: body = new Uint8Array() } }) => {
        const { method, headers, query } = request
        // As the provider called it: what stands between it and us may have changed host, scheme and prefix.
        const url = invites.config.publicUrl + path + query
        const answer = await invites.receive({ transport: params['transport'] ?? '', url, method, headers, body })
        if (answer === 'unknown') throw refuse({ code: 'not_found', detail: 'No transport of this name reads callbacks.' })
        if (answer === 'refused') throw refuse({ code: 'forbidden', detail: 'The signature is not good.' })
        return { status: 204 }
      },
    ),
    signedRoute(
      { ...page, method: 'GET', name: 'unsubscribing', summary: 'The page behind an unsubscribe link; changes nothing.' },
      choose,
    ),
    signedRoute(
      {
        ...page,
        method: 'POST',
        name: 'unsubscribe',
        summary: 'No more invites from the organization (RFC 8058), or, by the button of the page, again.',
        bytes: { 'multipart/form-data': choice, 'application/x-www-form-urlencoded': choice },
      },
      choose,
    ),
  ]
}

const choice = {
  type: 'object',
  properties: {
    'List-Unsubscribe': { type: 'string', const: 'One-Click' },
    action: { type: 'string', enum: ['stop', 'again'] },
  },
}
