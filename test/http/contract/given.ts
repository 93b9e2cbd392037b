// What every HTTP test starts from: invites in memory, served by whatever mount is under test, and one short way to call.
import { onTestFinished } from 'vitest'
import type { AnyInvites } from '../../../adapters/http/handler/route.ts'
import type { HandleOptions } from '../../../adapters/http/index.ts'
import { createTestInvites } from '../../../adapters/testing/index.ts'
import type { Actor, InvitesOptions } from '../../../src/index.ts'

/** Reads one header of a native request. */
export type Header = (name: string) => string | null

export interface Hooks extends Omit<HandleOptions, 'actor'> {
  readonly actor: (header: Header) => Actor | null
  readonly clientAddress: (header: Header) => string | null
}

/** Mounts invites under `/invites`, and answers requests to https://app.example.com/invites. */
export type Serve = (invites: AnyInvites, hooks: Hooks) => Promise<(request: Request) => Promise<Response>>

export const publicUrl = 'https://app.example.com/invites'

type Given = Partial<Pick<InvitesOptions<unknown>, 'limits' | 'onError' | 'trustedOrigins' | 'linkPattern'>> &
  Omit<Hooks, 'actor' | 'clientAddress'> & { readonly invites?: (real: AnyInvites) => AnyInvites }

export interface Ask {
  readonly as?: string | undefined
  readonly body?: unknown
  readonly headers?: Record<string, string>
}

export interface Answer {
  readonly status: number
  readonly headers: Headers
  readonly text: string
  // biome-ignore lint/suspicious/noExplicitAny: a test reads what it expects to be there
  readonly body: any
}

/** `body` may be text, or a stream; everything else is sent as JSON. */
export async function given(
  serve: Serve,
  { limits, onError, trustedOrigins, linkPattern, invites: change, ...options }: Given = {},
) {
  const { invites, clock, mailbox, actor } = await createTestInvites({
    publicUrl,
    trustedOrigins: trustedOrigins ?? [],
    ...(limits && { limits }),
    ...(onError && { onError }),
    ...(linkPattern && { linkPattern }),
  })
  const people: Record<string, Actor> = {
    owner: actor.owner,
    admin: actor.admin,
    viewer: actor.viewer,
    stranger: { ...actor.admin, userId: 'admin-2', organizationId: 'other' },
    ada: actor.user('ada@example.com'),
    bob: actor.user('bob@example.com'),
    unverified: { ...actor.user('ada@example.com'), emailVerified: false },
    key: { userId: null, organizationId: 'acme', role: 'admin', emailVerified: false },
    homeless: { userId: 'nobody-1', emailVerified: false },
  }
  const send = await serve(change ? change(invites) : invites, {
    actor: header => people[header('x-actor') ?? ''] ?? null,
    clientAddress: header => header('x-client'),
    ...options,
  })

  async function call(method: string, path: string, { as = 'admin', body, headers = {} }: Ask = {}): Promise<Answer> {
    const isRaw = typeof body === 'string' || body instanceof ReadableStream
    const type: Record<string, string> = body === undefined ? {} : { 'content-type': 'application/json' }
    const request = new Request(publicUrl + path, {
      method,
      headers: { 'x-actor': as, 'x-client': '192.0.2.1', ...type, ...headers },
      ...(body === undefined ? {} : { body: isRaw ? body : JSON.stringify(body), duplex: 'half' }),
      redirect: 'manual',
    })
    const response = await send(request)
    const text = await response.text()
    const isJson = /json/.test(response.headers.get('content-type') ?? '')
    return { status: response.status, headers: response.headers, text, body: isJson && text !== '' ? JSON.parse(text) : null }
  }

  const ada = { recipient: { email: 'ada@example.com' }, role: 'member' }
  return {
    invites,
    clock,
    mailbox,
    send,
    call,
    /** A pending invite for Ada, with its id and token. */
    async pending(input: object = {}) {
      const { status, body, text } = await call('POST', '', { body: { ...ada, ...input } })
      if (status !== 201) throw new Error(`no invite was made: ${status} ${text}`)
      return {
        id: String(body.invite.id),
        token: String(body.link).split('/').at(-1) ?? '',
        code: String(body.code),
        link: String(body.link),
      }
    },
    /** Everything that a request could have changed. */
    async rows() {
      const context = { actor: 'system', organizationId: 'acme' } as const
      const [list, summary, members] = await Promise.all([
        invites.list({ include: ['total'], limit: 200 }, context),
        invites.summary({}, context),
        invites.members.list({}, context),
      ])
      return JSON.stringify([list, summary, members, mailbox.messages.length])
    },
  }
}

export const soon = <T>(promise: Promise<T>, ms = 1000): Promise<T> => {
  let timer: ReturnType<typeof setTimeout> | undefined
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`no answer within ${ms} ms`)), ms)
  })
  onTestFinished(() => clearTimeout(timer))
  return Promise.race([promise, late])
}

export async function until(holds: () => boolean): Promise<void> {
  while (!holds()) await new Promise(resolve => setTimeout(resolve, 5))
}
