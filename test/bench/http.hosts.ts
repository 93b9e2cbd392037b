// The API and the same three routes written by hand, in each framework: they make the same calls, parse the same JSON, and
// check nothing.
import { createServer, type RequestListener } from 'node:http'
import { getRequestListener } from '@hono/node-server'
import express from 'express'
import { Hono } from 'hono'
import type { Actor, ByToken, CreateInput, Invites } from 'invitekit'
import { expressRouter } from 'invitekit/express'
import { honoRouter } from 'invitekit/hono'
import { createHandler } from 'invitekit/http'
import { koaRouter } from 'invitekit/koa'
import Koa from 'koa'
import bodyParser from 'koa-bodyparser'

export const actor: Actor = {
  userId: 'ada',
  organizationId: 'acme',
  role: 'owner',
  email: 'ada@example.com',
  emailVerified: true,
}

/** Taken as it comes, as a route by hand does. */
const create = (invites: Invites, input: unknown) => invites.create(input as CreateInput, { actor })
const preview = (invites: Invites, input: unknown) => invites.preview(input as ByToken, { actor })

/** Counted as ever, and never refused. */
const publicLimits = { perClient: 1e9, answersPerInvite: 1e9, codesPerClient: 1e9 }
const options = { actor: () => actor, publicLimits }

export interface Pair<Host> {
  readonly ours: (invites: Invites) => Host
  readonly byHand: (invites: Invites) => Host
}

/** In process, without a socket. */
export const inFetch: Pair<(request: Request) => Promise<Response>> = {
  ours: invites => createHandler(invites, options),
  byHand: invites => async request => {
    const { pathname } = new URL(request.url)
    if (request.method === 'GET') return Response.json(await invites.get({ id: pathname.slice(9) }, { actor }))
    if (pathname === '/invites/preview') return Response.json(await preview(invites, await request.json()))
    return Response.json(await create(invites, await request.json()), { status: 201 })
  },
}

export const onSockets: Readonly<Record<string, Pair<RequestListener>>> = {
  express: {
    ours: invites => express().use('/invites', expressRouter(invites, options)),
    byHand: invites =>
      express()
        .get('/invites/:id', async (req, res) => void res.json(await invites.get({ id: req.params.id }, { actor })))
        .post('/invites/preview', express.json(), async (req, res) => void res.json(await preview(invites, req.body)))
        .post('/invites', express.json(), async (req, res) => {
          res.status(201).json(await create(invites, req.body))
        }),
  },
  koa: {
    ours: invites => new Koa().use(koaRouter(invites, { ...options, prefix: '/invites' })).callback(),
    byHand: invites =>
      new Koa()
        .use(bodyParser())
        .use(async ({ method, path, request, response }) => {
          if (method === 'GET') response.body = await invites.get({ id: path.slice(9) }, { actor })
          else if (path === '/invites/preview') response.body = await preview(invites, request.body)
          else {
            response.body = await create(invites, request.body)
            response.status = 201
          }
        })
        .callback(),
  },
  hono: {
    ours: invites => getRequestListener(new Hono().route('/invites', honoRouter(invites, options)).fetch),
    byHand: invites =>
      getRequestListener(
        new Hono()
          .get('/invites/:id', async c => c.json(await invites.get({ id: c.req.param('id') }, { actor })))
          .post('/invites/preview', async c => c.json(await preview(invites, await c.req.json())))
          .post('/invites', async c => c.json(await create(invites, await c.req.json()), 201)).fetch,
      ),
  },
}

export async function listen(listener: RequestListener): Promise<number> {
  const server = createServer(listener)
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  return typeof address === 'object' && address !== null ? address.port : 0
}
