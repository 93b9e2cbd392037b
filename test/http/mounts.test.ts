// Every mount keeps the HTTP contract, over real sockets.
import { createServer, type RequestListener } from 'node:http'
import { createRequire } from 'node:module'
import { getRequestListener } from '@hono/node-server'
import express from 'express'
import { Hono } from 'hono'
import Koa from 'koa'
import { onTestFinished } from 'vitest'
import type { AnyInvites } from '../../adapters/http/handler/route.ts'
import { nodeListener } from '../../adapters/http/index.ts'
import { expressRouter } from '../../adapters/http/mounts/express.ts'
import { honoRouter } from '../../adapters/http/mounts/hono.ts'
import { koaRouter } from '../../adapters/http/mounts/koa.ts'
import type { Header, Hooks, Serve } from './contract/given.ts'
import { httpContract } from './contract/index.ts'

type Mount = (invites: AnyInvites, hooks: Hooks) => RequestListener

const express4: typeof express = createRequire(import.meta.url)('express4')

/** The hooks, for a native request whose headers `read` reads. */
const around = <Native>({ actor, clientAddress, ...options }: Hooks, read: (native: Native) => Header) => ({
  ...options,
  actor: (native: Native) => actor(read(native)),
  clientAddress: (native: Native) => clientAddress(read(native)),
})

const onExpress =
  (make: typeof express): Mount =>
  (invites, hooks) =>
    make().use(
      '/invites',
      expressRouter(
        invites,
        around(hooks, req => name => req.get(name) ?? null),
      ),
    )

const mounts: Readonly<Record<string, Mount>> = {
  'express 5': onExpress(express),
  'express 4': onExpress(express4),
  koa: (invites, hooks) =>
    new Koa()
      .use(
        koaRouter(
          invites,
          around(hooks, ctx => name => ctx.get(name) || null),
        ),
      )
      .callback(),
  hono: (invites, hooks) =>
    getRequestListener(
      new Hono().route(
        '/invites',
        honoRouter(
          invites,
          around(hooks, c => name => c.req.header(name) ?? null),
        ),
      ).fetch,
      { overrideGlobalObjects: false },
    ),
  'node:http': (invites, hooks) => {
    const options = around(
      hooks,
      (req: { readonly headers: NodeJS.Dict<string | string[]> }) => name => String(req.headers[name] ?? '') || null,
    )
    return nodeListener(invites, options)
  },
}

const over =
  (mount: Mount): Serve =>
  async (invites, hooks) => {
    const server = createServer(mount(invites, hooks))
    await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
    onTestFinished(() => {
      server.closeAllConnections()
      server.close()
    })
    const address = server.address()
    const port = typeof address === 'object' ? address?.port : null
    return ({ url, method, headers, body }) =>
      fetch(url.replace('https://app.example.com', `http://127.0.0.1:${port}`), {
        method,
        headers,
        body,
        redirect: 'manual',
        ...(body && { duplex: 'half' }),
      })
  }

for (const [name, mount] of Object.entries(mounts)) httpContract(name, over(mount))
