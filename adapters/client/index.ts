// `invitekit/client`: a fetch client with the calls of the library by the same names, for browsers and other services.
import { fail, type Invite, type InviteError, type JsonObject, type ListAnswer, type ListInput } from '../../src/core.ts'
import type { InvitesClient } from './calls.ts'
import { checkClient } from './check-options.ts'
import { type ClientOptions, createSend } from './send.ts'

export { InviteError, isInviteError } from '../../src/core.ts'
export type { InvitesClient } from './calls.ts'
export type { CallOptions, ClientOptions } from './send.ts'

/**
 * Throws a `TypeError` at once when an option cannot work.
 *
 * ```ts
 * const invites = createClient<'admin' | 'member'>({ baseUrl: '/invites' })
 * const { invite } = await invites.create({ recipient: { email: 'ada@example.com' }, role: 'member' })
 * ```
 */
export function createClient<Role extends string = string, Metadata = JsonObject>(
  options: ClientOptions,
): InvitesClient<Role, Metadata> {
  const send = createSend(checkClient(options))
  const post = { method: 'POST' } as const
  const get = { method: 'GET' } as const
  const at = (id: string, rest = '') => `/${encodeURIComponent(id)}${rest}`

  const client: InvitesClient<Role, Metadata> = {
    create: (body, options) => send({ ...post, path: '/', body, keyed: true }, options),
    createMany: (body, options) => send({ ...post, path: '/bulk', body, keyed: true }, options),
    get: ({ id, include }, options) => send({ ...get, path: at(id), query: { include } }, options),
    list: (input = {}, options) => send({ ...get, path: '/', query: toQuery(input) }, options),
    async *each(input = {}, options) {
      let cursor: string | undefined
      do {
        const page: ListAnswer<Role, Metadata> = await client.list({ ...input, cursor }, options)
        yield* page.data
        cursor = page.nextCursor ?? undefined
      } while (cursor !== undefined)
    },
    mine: (_ = {}, options) => send({ ...get, path: '/mine' }, options),
    preview: (body, options) => send({ ...post, path: '/preview', body }, options),
    open: async (body, options) => void (await send({ ...post, path: '/open', body }, options)),
    accept: (body, options) => send({ ...post, path: '/accept', body }, options),
    decline: (body, options) => send({ ...post, path: '/decline', body }, options),
    renew: async (body, options) => void (await send({ ...post, path: '/renew', body, once: true }, options)),
    resend: ({ id, ...body }, options) => send({ ...post, path: at(id, '/resend'), body, keyed: true }, options),
    revoke: ({ id, ...body }, options) => send({ ...post, path: at(id, '/revoke'), body, keyed: true }, options),
    update: ({ id, ...body }, options) => send({ method: 'PATCH', path: at(id), body, once: true }, options),
    async link({ id }, options) {
      const { link, code, ...invite } = await send<Linked>({ ...get, path: at(id), query: { include: ['link'] } }, options)
      if (link === undefined) throw noLinkError(invite)
      return code === undefined ? { link } : { link, code }
    },
    history: ({ id, ...query }, options) => send({ ...get, path: at(id, '/history'), query }, options),
    summary: (_ = {}, options) => send({ ...get, path: '/summary' }, options),
    erase: ({ id }, options) => send({ ...post, path: at(id, '/erase'), keyed: true }, options),
    members: { list: (query = {}, options) => send({ ...get, path: '/members', query }, options) },
    templates: {
      create: (body, options) => send({ ...post, path: '/templates', body, once: true }, options),
      get: ({ id }, options) => send({ ...get, path: at('templates', at(id)) }, options),
      list: (query = {}, options) => send({ ...get, path: '/templates', query }, options),
      update: ({ id, ...body }, options) => send({ method: 'PUT', path: at('templates', at(id)), body }, options),
      remove: async ({ id }, options) =>
        void (await send({ method: 'DELETE', path: at('templates', at(id)), once: true }, options)),
      preview: ({ id, ...body }, options) =>
        send({ ...post, path: at('templates', id === undefined ? '/preview' : at(id, '/preview')), body }, options),
    },
  }
  return client
}

interface Linked extends Pick<Invite, 'status' | 'expiresAt' | 'updatedAt'> {
  readonly link?: string
  readonly code?: string
}

/** The error that `link` throws in process for an invite without a link, made from the status of the invite. */
function noLinkError({ status, expiresAt, updatedAt }: Linked): InviteError {
  switch (status) {
    case 'accepted':
      return fail('invite_already_accepted', {})
    case 'declined':
      return fail('invite_declined', {})
    case 'revoked':
      return fail('invite_revoked', {})
    case 'expired':
      return fail('invite_expired', { expiresAt: expiresAt ?? updatedAt })
    case 'pending':
      return fail('unavailable', {}, 'The server gave no link.')
    default:
      return status satisfies never
  }
}

const toText = (date: Date | string | undefined) => (date instanceof Date ? date.toISOString() : date)

function toQuery({ created, expires, status, ...input }: ListInput) {
  return {
    ...input,
    status: typeof status === 'string' ? [status] : status,
    createdAfter: toText(created?.from),
    createdBefore: toText(created?.to),
    expiresAfter: toText(expires?.from),
    expiresBefore: toText(expires?.to),
  }
}
