// Routes that every wire serves to people: the landing page, what the pages load, and a refusal as a page.
import { nothing } from '../../handler/input.ts'
import type { Reply } from '../../handler/message.ts'
import type { RefusedPage } from '../../handler/profile.ts'
import { refuse } from '../../handler/refusal.ts'
import { type AnyInvites, publicRoute, type Route, type RouteContext, tokenRoute } from '../../handler/route.ts'
import { assetNamed } from '../../pages/assets.ts'
import { asksForJson, refusedPage } from '../../pages/landing/error-page.ts'
import { landingPage } from '../../pages/landing/landing.ts'

/** The page behind the link of an invite, and the form on it. */
export function landingRoutes(invites: AnyInvites): readonly Route[] {
  const html = 'text/html'
  const page = {
    path: '/i/:token',
    body: nothing,
    query: nothing,
    anyQuery: true,
    page: true,
    answers: { 200: html, 404: html, 409: html, 410: html },
  } as const
  const show = ({ visit }: { readonly visit: RouteContext }) =>
    landingPage(invites, {
      token: visit.params['token'] ?? '',
      request: visit.request,
      actor: visit.askActor,
      path: visit.path,
      ...(visit.form ? { form: visit.form } : {}),
    })

  return [
    tokenRoute(
      { ...page, method: 'GET', name: 'landing', summary: 'The page behind the link; changes nothing.', limited: 'look' },
      show,
    ),
    tokenRoute(
      {
        ...page,
        method: 'POST',
        name: 'answer',
        summary: 'The form of that page.',
        form: ['open', 'accept', 'decline', 'renew'],
        limited: 'answer',
        selector: ({ params, form }) => (form?.get('action') === 'open' ? {} : { token: params['token'] }),
        answers: { ...page.answers, 303: null },
      },
      show,
    ),
  ]
}

/** The stylesheet of the pages. */
export const assetRoute = ({ config }: AnyInvites): Route =>
  publicRoute(
    {
      method: 'GET',
      path: '/assets/:name',
      name: 'asset',
      summary: 'What the pages load.',
      body: nothing,
      query: nothing,
      anyQuery: true,
      answers: { 200: 'text/css' },
    },
    async ({ visit: { params } }) => {
      const asset = assetNamed(config, params['name'] ?? '')
      if (!asset) throw refuse({ code: 'not_found' })
      return new Response(asset.body, {
        headers: { 'content-type': asset.type, 'cache-control': 'public, max-age=31536000, immutable' },
      })
    },
  )

/** The refusal as a page, unless the request accepts JSON alone. */
export const refusePage = ({ invites, request, reply }: RefusedPage): Reply | Response =>
  asksForJson(request) ? reply : refusedPage(invites, request, reply)
