// The route table: every path of the API. A route is data and one call; what all routes share is in the handler.

import { type AnyInvites, publicRoute, type Route } from '../../handler/route.ts'
import { assetRoute, landingRoutes } from '../shared/pages.ts'
import { providers } from '../shared/providers.ts'
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
    ...providers(invites),
    ...management(invites, schemas, shapes),
    ...templateRoutes(invites, schemas, createTemplateSchemas(schemas)),
    ...invitee(invites, schemas, shapes),
    ...landingRoutes(invites),
    assetRoute(invites),
    ...about(invites, schemas, shapes, document),
  ]
}

function about(
  { relay }: AnyInvites,
  { inputs, queries }: InputSchemas,
  shapes: ResultSchemas,
  document: () => object,
): readonly Route[] {
  const get = { method: 'GET', body: inputs.nothing, query: queries.nothing } as const
  return [
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
