// Routes that manage stored templates and preview them.
import type { TemplateContent } from '../../../../../src/core.ts'
import type { Reply } from '../../../handler/message.ts'
import { type AnyInvites, managementRoute, type Route } from '../../../handler/route.ts'
import type { InputSchemas } from '../schemas/inputs.ts'
import type { TemplateSchemas } from '../schemas/templates.ts'
import { pagedBelow } from './pagination.ts'

const ok = (body: object): Reply => ({ status: 200, body })

/** Gives the content the type that the library takes. The library checks it; the schemas do not. */
const unchecked = <T extends { readonly content: unknown }>(body: T) => body as T & { readonly content: TemplateContent }

export function templateRoutes(
  { templates, config }: AnyInvites,
  { inputs, queries }: InputSchemas,
  schemas: TemplateSchemas,
): readonly Route[] {
  const none = { body: inputs.nothing, query: queries.nothing } as const
  const post = { method: 'POST', query: queries.nothing } as const
  const paged = pagedBelow(config)
  return [
    managementRoute(
      {
        ...none,
        method: 'GET',
        path: '/templates',
        name: 'templates.list',
        summary: 'Templates of the organization and those of everybody, page by page.',
        query: queries.page,
        answers: { 200: schemas.list },
      },
      async ({ query, context, visit }) => paged(await templates.list(query, context), visit),
    ),
    managementRoute(
      {
        ...post,
        path: '/templates',
        name: 'templates.create',
        summary: 'Stores a template, its texts checked.',
        body: schemas.input,
        answers: { 201: schemas.one },
      },
      async ({ body, context }) => {
        const answer = await templates.create(unchecked(body), context)
        return { status: 201, body: answer, headers: { location: `${config.publicUrl}/templates/${answer.template.id}` } }
      },
    ),
    managementRoute(
      {
        ...post,
        path: '/templates/preview',
        name: 'templates.previewContent',
        summary: 'What a content would say that is not stored.',
        body: schemas.ofContent,
        answers: { 200: schemas.preview },
      },
      async ({ body, context }) => ok(await templates.preview(unchecked(body), context)),
    ),
    managementRoute(
      {
        ...none,
        method: 'GET',
        path: '/templates/:id',
        name: 'templates.get',
        summary: 'One template.',
        answers: { 200: schemas.template },
      },
      async ({ id, context }) => ok(await templates.get({ id }, context)),
    ),
    managementRoute(
      {
        method: 'PUT',
        path: '/templates/:id',
        name: 'templates.update',
        summary: 'Replaces a template as a whole.',
        body: schemas.input,
        query: queries.nothing,
        answers: { 200: schemas.one },
      },
      async ({ id, body, context }) => ok(await templates.update({ ...unchecked(body), id }, context)),
    ),
    managementRoute(
      {
        ...none,
        method: 'DELETE',
        path: '/templates/:id',
        name: 'templates.remove',
        summary: 'Deletes a template that no pending invite names.',
        answers: { 204: null },
      },
      async ({ id, context }) => {
        await templates.remove({ id }, context)
        return { status: 204 }
      },
    ),
    managementRoute(
      {
        ...post,
        path: '/templates/:id/preview',
        name: 'templates.preview',
        summary: 'What its messages and pages would say; a content in the body stands in place of what is stored.',
        body: schemas.ofStored,
        answers: { 200: schemas.preview },
      },
      async ({ id, body, context }) => ok(await templates.preview({ ...body, id }, context)),
    ),
  ]
}
