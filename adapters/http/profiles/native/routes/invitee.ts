// Routes of the person who is invited: see an invite, accept or decline it, ask for a new one.
import type { Reply } from '../../../handler/message.ts'
import { type AnyInvites, type Route, tokenRoute, userRoute } from '../../../handler/route.ts'
import type { InputSchemas } from '../schemas/inputs.ts'
import type { ResultSchemas } from '../schemas/results.ts'

/** The fields that name an invite, as far as they are texts: rate limits count before the schema checks. */
const selector: NonNullable<Route['selector']> = ({ body }) => {
  const fields = typeof body === 'object' && body !== null ? new Map(Object.entries(body)) : new Map<string, unknown>()
  const text = (name: string) => {
    const value = fields.get(name)
    return typeof value === 'string' ? value : undefined
  }
  return { token: text('token'), code: text('code'), id: text('id') }
}

const ok = (body: object): Reply => ({ status: 200, body })

export function invitee(invites: AnyInvites, { inputs, queries }: InputSchemas, results: ResultSchemas): readonly Route[] {
  const post = { method: 'POST', query: queries.nothing } as const

  return [
    userRoute(
      {
        method: 'GET',
        path: '/mine',
        name: 'mine',
        summary: 'The live invites to my verified addresses.',
        body: inputs.nothing,
        query: queries.nothing,
        answers: { 200: results.mine },
      },
      async ({ context }) => ok(await invites.mine({}, context)),
    ),
    tokenRoute(
      {
        ...post,
        path: '/preview',
        name: 'preview',
        summary: 'What an invite offers; consumes nothing.',
        body: inputs.byToken,
        answers: { 200: results.preview },
        limited: 'look',
        selector,
      },
      async ({ body, context }) => ok(await invites.preview(body, context)),
    ),
    tokenRoute(
      {
        ...post,
        path: '/open',
        name: 'open',
        summary: 'A human went on from the link.',
        body: inputs.open,
        answers: { 200: results.nothing },
        limited: 'look',
        selector,
      },
      async ({ body, context }) => {
        await invites.open(body, context)
        return ok({})
      },
    ),
    userRoute(
      {
        ...post,
        path: '/accept',
        name: 'accept',
        summary: 'Makes the actor a member.',
        body: inputs.accept,
        answers: { 200: results.accepted },
        limited: 'answer',
        selector,
      },
      async ({ body, context: { actor } }) => ok(await invites.accept(body, { actor })),
    ),
    tokenRoute(
      {
        ...post,
        path: '/decline',
        name: 'decline',
        summary: 'Says no.',
        body: inputs.decline,
        answers: { 200: results.one },
        limited: 'answer',
        selector,
      },
      async ({ body, context }) => ok(await invites.decline(body, context)),
    ),
    tokenRoute(
      {
        ...post,
        path: '/renew',
        name: 'renew',
        summary: 'Asks the inviter of a dead invite for a new one.',
        body: inputs.byToken,
        answers: { 200: results.nothing },
        limited: 'answer',
        selector,
      },
      async ({ body, context }) => {
        await invites.renew(body, context)
        return ok({})
      },
    ),
  ]
}
