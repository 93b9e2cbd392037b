// Routes of an organization's own people: create, list, show and change invites, and list members.
import { isReplayed } from '../../../../../src/core.ts'
import type { Reply } from '../../../handler/message.ts'
import { refuse } from '../../../handler/refusal.ts'
import { type AnyInvites, managementRoute, type Route } from '../../../handler/route.ts'
import { toWireError } from '../problem.ts'
import type { InputSchemas } from '../schemas/inputs.ts'
import type { ResultSchemas } from '../schemas/results.ts'
import { pagedBelow } from './pagination.ts'

const megabyte = 1_048_576

const ok = (body: object, headers: Reply['headers'] = {}): Reply => ({ status: 200, body, headers })
const replayed = (answer: object): Record<string, string> => (isReplayed(answer) ? { 'idempotent-replayed': 'true' } : {})

export function management(invites: AnyInvites, { inputs, queries }: InputSchemas, results: ResultSchemas): readonly Route[] {
  const { publicUrl } = invites.config
  const get = { method: 'GET', body: inputs.nothing, query: queries.nothing } as const
  const post = { method: 'POST', query: queries.nothing, idempotent: true } as const

  const paged = pagedBelow(invites.config)

  return [
    managementRoute(
      {
        ...post,
        path: '/',
        name: 'create',
        summary: 'Invites one person, or makes a link for anybody.',
        body: inputs.create,
        answers: { 201: results.created, 200: results.created },
      },
      async ({ body, context }) => {
        const answer = await invites.create(body, context)
        if (answer.outcome !== 'created') return ok(answer, replayed(answer))
        return { status: 201, body: answer, headers: { location: `${publicUrl}/${answer.invite.id}`, ...replayed(answer) } }
      },
    ),
    managementRoute(
      {
        ...post,
        path: '/bulk',
        name: 'createMany',
        summary: 'Invites many people; each has an outcome of its own.',
        body: inputs.bulk,
        bodyLimit: megabyte,
        answers: { 200: results.bulk },
      },
      async ({ body, context }) => {
        const answer = await invites.createMany(body, context)
        const items = answer.results.map(item => (item.error ? { ...item, error: toWireError(item.error) } : item))
        return ok({ ...answer, results: items }, replayed(answer))
      },
    ),
    managementRoute(
      {
        ...get,
        path: '/',
        name: 'list',
        summary: 'Invites, page by page.',
        query: queries.list,
        answers: { 200: results.list },
      },
      async ({ query: { createdAfter, createdBefore, expiresAfter, expiresBefore, ...query }, context, visit }) => {
        const created = { from: createdAfter, to: createdBefore }
        const expires = { from: expiresAfter, to: expiresBefore }
        return paged(await invites.list({ ...query, created, expires }, context), visit)
      },
    ),
    managementRoute(
      { ...get, path: '/summary', name: 'summary', summary: 'Meters, counts and a funnel.', answers: { 200: results.summary } },
      async ({ context }) => ok(await invites.summary({}, context)),
    ),
    managementRoute(
      {
        ...get,
        path: '/members',
        name: 'members.list',
        summary: 'Members, page by page.',
        query: queries.page,
        answers: { 200: results.members },
      },
      async ({ query, context, visit }) => {
        if (!invites.config.listsMembers) throw refuse({ code: 'not_found' })
        return paged(await invites.members.list(query, context), visit)
      },
    ),
    managementRoute(
      { ...get, path: '/:id', name: 'get', summary: 'One invite.', query: queries.include, answers: { 200: results.invite } },
      async ({ id, query, context }) => ok(await invites.get({ ...query, id }, context)),
    ),
    managementRoute(
      {
        method: 'PATCH',
        path: '/:id',
        name: 'update',
        summary: 'Changes a pending invite, never its address.',
        body: inputs.update,
        query: queries.include,
        answers: { 200: results.one },
      },
      async ({ id, body, query, context }) => {
        const { invite } = await invites.update({ ...body, id }, context)
        return ok({ invite: query.include?.includes('link') ? await invites.get({ ...query, id }, context) : invite })
      },
    ),
    managementRoute(
      {
        ...post,
        path: '/:id/resend',
        name: 'resend',
        summary: 'Sends again and renews the expiry.',
        body: inputs.resend,
        answers: { 200: results.one },
      },
      async ({ id, body, context }) => {
        const answer = await invites.resend({ ...body, id }, context)
        return ok(answer, replayed(answer))
      },
    ),
    managementRoute(
      {
        ...post,
        path: '/:id/revoke',
        name: 'revoke',
        summary: 'Takes an invite back.',
        body: inputs.revoke,
        answers: { 200: results.one },
      },
      async ({ id, body, context }) => {
        const answer = await invites.revoke({ ...body, id }, context)
        return ok(answer, replayed(answer))
      },
    ),
    managementRoute(
      {
        ...post,
        path: '/:id/erase',
        name: 'erase',
        summary: 'Deletes the personal data of an invite.',
        body: inputs.nothing,
        answers: { 204: null },
      },
      async ({ id, context }) => {
        const answer = await invites.erase({ id }, context)
        return { status: 204, headers: replayed(answer) }
      },
    ),
    managementRoute(
      {
        ...get,
        path: '/:id/history',
        name: 'history',
        summary: 'What happened to an invite, oldest first.',
        query: queries.history,
        answers: { 200: results.history },
      },
      async ({ id, query, context, visit }) => paged(await invites.history({ ...query, id }, context), visit),
    ),
  ]
}
