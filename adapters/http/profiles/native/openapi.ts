// The OpenAPI 3.1 document, made from the route table and the schemas that the handler itself uses.
import { z } from 'zod'
import type { Audience, Route } from '../../handler/route.ts'
import { byPath } from '../../handler/router.ts'
import type { InputSchemas } from './schemas/inputs.ts'

type Named = InputSchemas['named']

const audiences: { readonly [W in Audience]: string } = {
  management: 'Needs a signed-in user of an organization.',
  invitee: 'Needs a signed-in user.',
  token: 'Needs a token or code; who is signed in decides what may be done with it.',
  signature: 'Needs a good signature, in the address or by the provider; asks for nobody.',
  anyone: 'Needs nothing.',
}

export function createDocument(publicUrl: string, routes: readonly Route[], { named }: InputSchemas): object {
  const paths = [...byPath(routes)].map(([path, routes]) => [
    path.replace(/:(\w+)/g, '{$1}'),
    Object.fromEntries(routes.map(route => [route.method.toLowerCase(), toOperation(route, named)])),
  ])
  const { Problem, ...schemas } = convert(named)
  const problem = { 'application/problem+json': { schema: { $ref: toRef('Problem') } } }
  return {
    openapi: '3.1.0',
    info: { title: 'Invites', version: '1', description: 'Made by invitekit from its route table.' },
    servers: [{ url: publicUrl }],
    paths: Object.fromEntries(paths),
    components: {
      schemas: { ...schemas, Problem },
      responses: {
        Problem: { description: 'Refused, for the reason in `code` (RFC 9457).', content: problem },
        Refused: {
          description: 'Refused: a page, or JSON where only that is accepted.',
          content: { 'text/html': { schema: { type: 'string' } }, ...problem },
        },
      },
    },
  }
}

function toOperation(route: Route, named: Named): object {
  const { name, summary, who, answers, page } = route
  const parameters = [...pathParameters(route), ...queryParameters(route, named), ...headerParameters(route)]
  return {
    operationId: name,
    summary,
    description: audiences[who],
    ...(parameters.length > 0 ? { parameters } : {}),
    ...requestBody(route, named),
    responses: {
      ...Object.fromEntries(Object.entries(answers).map(([status, answer]) => [status, toResponse(status, answer, named)])),
      default: { $ref: `#/components/responses/${page ? 'Refused' : 'Problem'}` },
    },
  }
}

const pathParameters = ({ path }: Route) =>
  [...path.matchAll(/:(\w+)/g)].map(([, name]) => ({ name, in: 'path', required: true, schema: { type: 'string' } }))

const queryParameters = ({ query }: Route, named: Named) =>
  Object.entries(query.shape).map(([name, field]) => {
    const schema = toSchema(field, named)
    const list = 'type' in schema && schema.type === 'array'
    return { name, in: 'query', schema, ...(list ? { style: 'form', explode: false } : {}) }
  })

const headerParameters = ({ idempotent }: Route) =>
  idempotent ? [{ name: 'Idempotency-Key', in: 'header', schema: { type: 'string', minLength: 1, maxLength: 255 } }] : []

function requestBody({ method, form, bytes, body }: Route, named: Named): object {
  if (method === 'GET' || method === 'DELETE') return {}
  if (bytes) {
    const content = Object.entries(bytes).map(([type, schema]) => [type, { schema }])
    return { requestBody: { required: true, content: Object.fromEntries(content) } }
  }
  if (form) {
    const action = { type: 'string', enum: form }
    const schema = { type: 'object', properties: { action }, required: ['action'] }
    return { requestBody: { required: true, content: { 'application/x-www-form-urlencoded': { schema } } } }
  }
  const required = !body.safeParse({}).success
  return { requestBody: { required, content: { 'application/json': { schema: toSchema(body, named) } } } }
}

const descriptions: Readonly<Record<string, string>> = {
  200: 'Done.',
  201: 'Made.',
  204: 'Done; no body.',
  303: 'See there.',
}

function toResponse(status: string, answer: Route['answers'][number] | undefined, named: Named): object {
  const description = descriptions[status] ?? 'The page of such an invite.'
  if (answer === null || answer === undefined) return { description }
  if (typeof answer === 'string') return { description, content: { [answer]: { schema: { type: 'string' } } } }
  return { description, content: { 'application/json': { schema: toSchema(answer, named) } } }
}

const toRef = (id: string) => `#/components/schemas/${id}`

/** A reference where the schema has a name; the schema itself where it has none. */
function toSchema(schema: z.ZodType, named: Named): object {
  const [id] = [...named].find(([, each]) => each === schema) ?? []
  return id === undefined ? (convert(new Map([...named, ['here', schema]]))['here'] ?? {}) : { $ref: toRef(id) }
}

function convert(named: Named): Record<string, object> {
  const registry = z.registry<{ id: string }>()
  for (const [id, schema] of named) registry.add(schema, { id })
  const { schemas } = z.toJSONSchema(registry, { io: 'input', uri: toRef, override: ({ jsonSchema }) => shorten(jsonSchema) })
  return Object.fromEntries(Object.entries(schemas).map(([id, { $schema, $id, ...schema }]) => [id, schema]))
}

// Removes the patterns of date-times and ids: they would be longer than the rest of the document, and repeat `format`.
function shorten(schema: z.core.JSONSchema.BaseSchema): void {
  if (schema.format !== undefined) delete schema.pattern
}
