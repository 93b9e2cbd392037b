// The route table: every path of the API. A route is data and one call; what all routes share is in the handler.

import { type AnyInvites, publicRoute, type Route, type RouteContext, tokenRoute } from '../../handler/route.ts'
import { assetNamed } from '../../pages/assets.ts'
import { landingPage } from '../../pages/landing/landing.ts'
import { providers } from '../shared/providers.ts'
import { refuse } from './problem.ts'
import { invitee } from './routes/invitee.ts'
import { management } from './routes/management.ts'
import { templateRoutes } from './routes/templates.ts'
import type { InputSchemas } from './schemas/inputs.ts'
import type { ResultSchemas } from './schemas/results.ts'
import { createTemplateSchemas } from './schemas/templates.ts'

export function createRoutes(
  invites: AnyInvites,
  schemas: InputSchemas,
  shapes: ResultSchemas,
  document: () => object,
): readonly Route[] {
  return [
    // First: a transport may be named as the second word of a management route is.
    ...providers(invites, schemas),
    ...management(invites, schemas, shapes),
    ...templateRoutes(invites, schemas, createTemplateSchemas(schemas)),
    ...invitee(invites, schemas, shapes),
    ...pages(invites, schemas),
    ...about(invites, schemas, shapes, document),
  ]
}

function pages(invites: AnyInvites, { inputs, queries }: InputSchemas): readonly Route[] {
  const html = 'text/html'
  const page = {
    path: '/i/:token',
    body: inputs.nothing,
    query: queries.nothing,
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
        answers: { ...page.answers, 303: null },
      },
      show,
    ),
  ]
}

function about(
  { config, relay }: AnyInvites,
  { inputs, queries }: InputSchemas,
  shapes: ResultSchemas,
  document: () => object,
): readonly Route[] {
  const get = { method: 'GET', body: inputs.nothing, query: queries.nothing } as const
  return [
    publicRoute(
      {
        ...get,
        path: '/assets/:name',
        name: 'asset',
        summary: 'What the pages load.',
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
    ),
    publicRoute(
      { ...get, path: '/openapi.json', name: 'openapi', summary: 'This document.', answers: { 200: shapes.document } },
      async () => ({ status: 200, body: document() }),
    ),
    publicRoute(
      {
        ...get,
        path: '/health',
        name: 'health',
        summary: 'Whether it runs, and how many milliseconds the oldest due message has waited.',
        answers: { 200: shapes.health },
      },
      async () => ({ status: 200, body: { status: 'ok', lag: await relay.lag() } }),
    ),
  ]
}
