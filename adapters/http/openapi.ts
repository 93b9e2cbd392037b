// The OpenAPI 3.1 document, made from the route table and the schemas: it cannot say anything else than the handler does.
import { z } from 'zod'
import { statuses } from './problem.ts'
import type { Route, Who } from './route.ts'
import type { Schemas } from './schemas.ts'

type Json = Record<string, unknown>

const whose: { readonly [W in Who]: string } = {
  management: 'Needs a signed-in user of an organization.',
  invitee: 'Needs a signed-in user.',
  token: 'Needs a token or code, and nobody signed in.',
  anyone: 'Open.',
}

export function createDocument(publicUrl: string, routes: readonly Route[], { named }: Schemas): object {
  const schemaOf = (schema: z.ZodType) => strip(z.toJSONSchema(schema, { io: 'input', metadata: named, override: plain }))
  return {
    openapi: '3.1.0',
    info: { title: 'Invites', version: '1', license: { name: 'MIT', identifier: 'MIT' } },
    servers: [{ url: publicUrl }],
    paths: Object.fromEntries(
      [...Map.groupBy(routes, ({ path }) => path)].map(([path, routes]) => [
        path.replace(/:(\w+)/g, '{$1}'),
        Object.fromEntries(routes.map(route => [route.method.toLowerCase(), operation(route, schemaOf)])),
      ]),
    ),
    components: {},
  }
}
