// Routes for mail and SMS providers, which report deliveries, and for unsubscribe links (RFC 8058). Every wire serves them.
import { nothing } from '../../handler/input.ts'
import { refuse } from '../../handler/refusal.ts'
import { type AnyInvites, type Route, type RouteContext, signedRoute } from '../../handler/route.ts'
import { unsubscribePage } from '../../pages/unsubscribe/unsubscribe.ts'

export function providers(invites: AnyInvites): readonly Route[] {
  const external = {
    body: nothing,
    query: nothing,
    anyQuery: true,
    limited: 'refusals',
    fromElsewhere: true,
  } as const
  const page = {
    ...external,
    path: '/u/:signed',
    page: true,
    answers: { 200: 'text/html', 404: 'text/html' },
  } as const
  const showPage = ({ visit }: { readonly visit: RouteContext }) =>
    unsubscribePage(invites, { signed: visit.params['signed'] ?? '', request: visit.request, body: visit.bytes })

  return [
    signedRoute(
      {
        ...external,
        method: 'POST',
        path: '/callbacks/:transport',
        name: 'callback',
        summary: 'What a provider reports, in its own format, to the transport of that name.',
        bytes: { '*/*': {} },
        answers: { 204: null },
      },
      async ({ visit: { params, request, path, bytes: body = new Uint8Array() } }) => {
        const { method, headers, query } = request
        // Signatures cover the URL that the provider called. A proxy may have changed host, scheme and prefix of this request.
        const url = invites.config.publicUrl + path + query
        const answer = await invites.receive({ transport: params['transport'] ?? '', url, method, headers, body })
        if (answer === 'unknown') throw refuse({ code: 'not_found', detail: 'No transport of this name reads callbacks.' })
        if (answer === 'refused') throw refuse({ code: 'forbidden', detail: 'The signature is not good.' })
        return { status: 204 }
      },
    ),
    signedRoute(
      { ...page, method: 'GET', name: 'unsubscribing', summary: 'The page behind an unsubscribe link; changes nothing.' },
      showPage,
    ),
    signedRoute(
      {
        ...page,
        method: 'POST',
        name: 'unsubscribe',
        summary: 'No more invites from the organization (RFC 8058), or, by the button of the page, again.',
        bytes: { 'multipart/form-data': unsubscribeForm, 'application/x-www-form-urlencoded': unsubscribeForm },
      },
      showPage,
    ),
  ]
}

const unsubscribeForm = {
  type: 'object',
  properties: {
    'List-Unsubscribe': { type: 'string', const: 'One-Click' },
    action: { type: 'string', enum: ['stop', 'again'] },
  },
}
