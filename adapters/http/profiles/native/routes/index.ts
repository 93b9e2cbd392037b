// The route table of the native API: every path that it serves.
import { type AnyInvites, publicRoute, type Route } from '../../../handler/route.ts'
import { assetRoute, landingRoutes } from '../../shared/pages.ts'
import { providers } from '../../shared/providers.ts'
import type { InputSchemas } from '../schemas/inputs.ts'
import type { ResultSchemas } from '../schemas/results.ts'
import { createTemplateSchemas } from '../schemas/templates.ts'
import { invitee } from './invitee.ts'
import { management } from './management.ts'
import { templateRoutes } from './templates.ts'

export function createRoutes(
  invites: AnyInvites,
  schemas: InputSchemas,
  results: ResultSchemas,
  document: () => object,
): readonly Route[] {
  return [
    // First, because `/callbacks/resend` also fits the management route `/:id/resend`.
    ...providers(invites),
    ...management(invites, schemas, results),
    ...templateRoutes(invites, schemas, createTemplateSchemas(schemas)),
    ...invitee(invites, schemas, results),
    ...landingRoutes(invites),
    assetRoute(invites),
    ...about(invites, schemas, results, document),
  ]
}

function about(
  { relay }: AnyInvites,
  { inputs, queries }: InputSchemas,
  results: ResultSchemas,
  document: () => object,
): readonly Route[] {
  const get = { method: 'GET', body: inputs.nothing, query: queries.nothing } as const
  return [
    publicRoute(
      { ...get, path: '/openapi.json', name: 'openapi', summary: 'This document.', answers: { 200: results.document } },
      async () => ({ status: 200, body: document() }),
    ),
    publicRoute(
      {
        ...get,
        path: '/health',
        name: 'health',
        summary: 'Whether it runs, and how many milliseconds the oldest due message has waited.',
        answers: { 200: results.health },
      },
      async () => ({ status: 200, body: { status: 'ok', lag: await relay.lag() } }),
    ),
  ]
}
