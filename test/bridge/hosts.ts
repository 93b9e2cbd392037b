// The hosts that the bridge is tested in: each builds a small app of one framework around a handle, and says what it caught.
import type { IncomingMessage, RequestListener } from 'node:http'
import { createRequire } from 'node:module'
import { getRequestListener } from '@hono/node-server'
import express from 'express'
import { Hono } from 'hono'
import Koa, { type Context, type Middleware } from 'koa'
import { koaBody } from 'koa-body'
import bodyParser from 'koa-bodyparser'
import type { Handle, Params } from '../../adapters/http/handler/exchange.ts'
import { toExpress } from '../../adapters/http/mounts/express.ts'
import { toHono } from '../../adapters/http/mounts/hono.ts'
import { toKoa } from '../../adapters/http/mounts/koa.ts'
import { toListener } from '../../adapters/http/mounts/node.ts'

/** What stands in front of the mount and reads bodies; `consumed` reads and keeps nothing. */
export const parsers = ['none', 'json', 'urlencoded', 'text', 'raw', 'all', 'after'] as const
export type Parser = (typeof parsers)[number] | 'consumed'
export const mounts = ['root', 'prefix', 'nested', 'sub-app', 'params', 'proxy'] as const
export type Mount = (typeof mounts)[number]

/** Where the mount is reached from outside. */
export const bases: Readonly<Record<Mount, string>> = {
  root: '',
  prefix: '/invites',
  nested: '/api/invites',
  'sub-app': '/sub/invites',
  params: '/orgs/a%20b/invites',
  proxy: '/app/invites',
}

export interface Setup {
  readonly handle: Handle
  readonly parser: Parser
  readonly mount: Mount
  /** Told of what reaches the host's own error handling. */
  readonly caught: (error: unknown) => void
}

export type Host = (setup: Setup) => RequestListener

const who = { userId: 'u', email: 'ada@example.com', emailVerified: true }

/** What the host's own actor hook does: fails when asked to by a header, and takes the organization from the path. */
const actor = (failing: string | null | undefined, { org }: Params) => {
  if (failing) throw Object.assign(new Error('the host says no'), { status: 418, expose: true })
  return { ...who, organizationId: org }
}

async function read(req: AsyncIterable<Uint8Array>): Promise<Buffer> {
  const chunks: Uint8Array[] = []
  for await (const chunk of req) chunks.push(chunk)
  return Buffer.concat(chunks)
}

/** What the host's own route, after the mount, finds of the body. */
const leftover = async (req: IncomingMessage, body: unknown) =>
  req.readableDidRead ? (body instanceof Buffer ? String(body) : JSON.stringify(body ?? null)) : String(await read(req))

const say = (error: unknown) => ({
  status: error instanceof Error && 'status' in error ? Number(error.status) : 500,
  body: { caught: error instanceof Error ? error.message : String(error) },
})

function onExpress(make: typeof express): Host {
  return ({ handle, parser, mount, caught }) => {
    const app = make()
    app.set('trust proxy', 'loopback')
    const before = {
      none: [],
      after: [],
      json: [make.json()],
      urlencoded: [make.urlencoded({ extended: true })],
      text: [make.text()],
      raw: [make.raw({ type: () => true })],
      all: [make.json(), make.urlencoded({ extended: false }), make.text()],
      consumed: [(req: express.Request, _: unknown, next: () => void) => void read(req).then(() => next())],
    }[parser]
    for (const one of before) app.use(one)
    app.use((_, res, next) => {
      res.cookie('host', '1').vary('Origin')
      next()
    })
    const ours = toExpress(handle, { actor: (req, params) => actor(req.get('x-fail'), params) })
    const place = {
      root: () => app.use(ours),
      prefix: () => app.use('/invites', ours),
      nested: () => app.use('/api', make.Router().use('/invites', ours)),
      'sub-app': () => app.use('/sub', make().use('/invites', ours)),
      params: () => app.use('/orgs/:org/invites', ours),
      proxy: () => app.use('/invites', ours),
    }
    place[mount]()
    if (parser === 'after') app.use(make.json())
    app.use(async (req, res) => {
      res.status(404).json({ host: await leftover(req, req.body) })
    })
    app.use((error: Error, _: express.Request, res: express.Response, next: express.NextFunction) => {
      caught(error)
      if (res.headersSent) return next(error)
      const { status, body } = say(error)
      res.status(status).json(body)
    })
    return app
  }
}

/** What koa-mount does: cuts the prefix off and puts it back for those who come next. */
const cutting =
  (prefix: string, inner: Middleware): Middleware =>
  async (ctx, next) => {
    const whole = ctx.path
    if (whole !== prefix && !whole.startsWith(`${prefix}/`)) return next()
    ctx.path = whole.slice(prefix.length) || '/'
    await inner(ctx, async () => {
      ctx.path = whole
      await next()
      ctx.path = whole.slice(prefix.length) || '/'
    })
    ctx.path = whole
  }

const onKoa: Host = ({ handle, parser, mount, caught }) => {
  const app = new Koa({ proxy: false })
  app.on('error', caught)
  app.use(async (ctx, next) => {
    ctx.cookies.set('host', '1')
    ctx.vary('Origin')
    try {
      await next()
    } catch (error) {
      caught(error)
      const { status, body } = say(error)
      ctx.status = status
      ctx.body = body
    }
  })
  const before: Readonly<Record<Parser, Middleware | null>> = {
    none: null,
    after: null,
    json: bodyParser({ enableTypes: ['json'] }),
    urlencoded: bodyParser({ enableTypes: ['form'] }),
    text: bodyParser({ enableTypes: ['text'] }),
    raw: async (ctx, next) => {
      const bytes = await read(ctx.req)
      Object.assign(ctx.request, { rawBody: bytes })
      return next()
    },
    all: koaBody(),
    consumed: async (ctx, next) => {
      await read(ctx.req)
      return next()
    },
  }
  if (before[parser]) app.use(before[parser])
  const at = (prefix: string) => toKoa(handle, { prefix, actor: (ctx: Context, params) => actor(ctx.get('x-fail'), params) })
  const place: Readonly<Record<Mount, () => Middleware>> = {
    root: () => at(''),
    prefix: () => at('/invites'),
    nested: () => cutting('/api', at('/invites')),
    'sub-app': () => cutting('/sub', cutting('/invites', at(''))),
    params: () => at('/orgs/:org/invites'),
    proxy: () => at('/invites'),
  }
  app.use(place[mount]())
  if (parser === 'after') app.use(bodyParser())
  app.use(async ctx => {
    const host = await leftover(ctx.req, ctx.request.body ?? ctx.request.rawBody?.toString())
    ctx.status = 404
    ctx.body = { host }
  })
  return app.callback()
}

const onHono: Host = ({ handle, parser, mount, caught }) => {
  const app = new Hono()
  app.onError((error, c) => {
    caught(error)
    const { status, body } = say(error)
    return new Response(JSON.stringify(body), { status, headers: [...c.res.headers] })
  })
  app.use(async (c, next) => {
    c.res.headers.append('set-cookie', 'host=1')
    c.res.headers.append('vary', 'Origin')
    const type = c.req.header('content-type') ?? ''
    if (['json', 'all'].includes(parser) && type.includes('json')) await c.req.json()
    if (['urlencoded', 'all'].includes(parser) && type.includes('urlencoded')) await c.req.parseBody()
    if (['text', 'all'].includes(parser) && type.includes('text')) await c.req.text()
    if (parser === 'raw') await c.req.arrayBuffer()
    if (parser === 'consumed') await c.req.raw.text()
    await next()
  })
  const ours = toHono(handle, { actor: (c, params) => actor(c.req.header('x-fail'), params) })
  const place: Readonly<Record<Mount, () => unknown>> = {
    root: () => app.route('/', ours),
    prefix: () => app.route('/invites', ours),
    nested: () => app.route('/api', new Hono().route('/invites', ours)),
    'sub-app': () => {
      const sub = new Hono().route('/invites', ours)
      return app.route(
        '/sub',
        sub.onError(error => Promise.reject(error)),
      )
    },
    params: () => app.route('/orgs/:org/invites', ours),
    proxy: () => app.route('/invites', ours),
  }
  place[mount]()
  app.all('*', async c => c.json({ host: parser === 'consumed' ? null : await c.req.text() }, 404))
  return getRequestListener(app.fetch, { overrideGlobalObjects: false })
}

type Parsing = IncomingMessage & { body?: unknown; originalUrl?: string }

const onNode: Host = ({ handle, parser, mount, caught }) => {
  const cut: Readonly<Partial<Record<Mount, string>>> = { nested: '/api', 'sub-app': '/sub/invites' }
  const rest: Readonly<Record<Mount, string>> = {
    root: '',
    prefix: '/invites',
    nested: '/invites',
    'sub-app': '',
    params: '/orgs/:org/invites',
    proxy: '/invites',
  }
  const ours = toListener(handle, {
    prefix: rest[mount],
    actor: (req, params) => actor(req.headers['x-fail']?.toString(), params),
  })
  return async (req: Parsing, res) => {
    res.setHeader('set-cookie', 'host=1').setHeader('vary', 'Origin')
    const type = req.headers['content-type'] ?? ''
    const reads = (word: string, name: Parser) => (parser === name || parser === 'all') && type.includes(word)
    if (reads('json', 'json')) req.body = JSON.parse(String(await read(req)))
    else if (reads('urlencoded', 'urlencoded')) req.body = Object.fromEntries(new URLSearchParams(String(await read(req))))
    else if (reads('text', 'text')) req.body = String(await read(req))
    else if (parser === 'raw') {
      const bytes = await read(req)
      Object.assign(req, { body: bytes, rawBody: bytes })
    } else if (parser === 'consumed') await read(req)
    const prefix = cut[mount] ?? ''
    const whole = req.url ?? '/'
    if (prefix && whole.startsWith(prefix)) {
      req.originalUrl = whole
      req.url = whole.slice(prefix.length) || '/'
    }
    ours(req, res, async error => {
      if (error !== undefined) caught(error)
      if (res.headersSent) return
      const { status, body } = error === undefined ? { status: 404, body: { host: await leftover(req, req.body) } } : say(error)
      res.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body))
    })
  }
}

// An alias of the older major, whose types nobody publishes under that name.
const express4 = createRequire(import.meta.url)('express4') as typeof express

export const hosts: Readonly<Record<string, Host>> = {
  'express 5': onExpress(express),
  'express 4': onExpress(express4),
  koa: onKoa,
  hono: onHono,
  node: onNode,
}
