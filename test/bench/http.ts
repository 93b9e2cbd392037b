// What the handler adds to a call: CPU of this process beside a bare route of the same framework. The library below it
// answers at once, so that nothing else is measured.
import { once } from 'node:events'
import { Agent, createServer, type RequestListener, request } from 'node:http'
import { getRequestListener } from '@hono/node-server'
import express from 'express'
import { Hono } from 'hono'
import type { Actor, Invites } from 'invitekit'
import { expressRouter } from 'invitekit/express'
import { honoRouter } from 'invitekit/hono'
import { createHandler } from 'invitekit/http'
import { koaRouter } from 'invitekit/koa'
import { memoryStorage } from 'invitekit/memory'
import Koa from 'koa'
import bodyParser from 'koa-bodyparser'
import { type Line, median } from './measure.ts'
import { openInvites } from './stores.ts'

const actor: Actor = { userId: 'ada', organizationId: 'acme', role: 'owner', email: 'ada@example.com', emailVerified: true }
const body = JSON.stringify({ recipient: { email: 'grace@example.com' }, role: 'member' })
const headers = { 'content-type': 'application/json' }
/** Microseconds of CPU that a call may cost more than the bare route. */
const budget = 150

type Call = () => Promise<unknown>

/** The real thing, but for `create`: it gives the same answer again. */
async function instant(): Promise<Invites> {
  const invites = openInvites(memoryStorage())
  const created = await invites.create({ recipient: { email: 'grace@example.com' }, role: 'member' }, { actor })
  return { ...invites, create: async () => created }
}

export async function http(): Promise<readonly Line[]> {
  const invites = await instant()
  const answer = await invites.create({ recipient: { email: 'grace@example.com' }, role: 'member' }, { actor })
  const closing: (() => void)[] = []
  const overSocket = async (listener: RequestListener): Promise<Call> => {
    const { call, close } = await listen(listener)
    closing.push(close)
    return call
  }
  const handler = createHandler(invites, { actor: () => actor, prefix: '/invites' })
  const url = 'https://app.example.com/invites'
  const fetched =
    (answering: (request: Request) => Promise<Response>): Call =>
    async () =>
      (await answering(new Request(url, { method: 'POST', headers, body }))).text()
  const bare = async (incoming: Request) => Response.json(await created(incoming.json()), { status: 201 })
  const created = async (input: Promise<unknown>) => ((await input) ? answer : null)

  const pairs: Record<string, readonly [ours: Call, theirs: Call]> = {
    fetch: [fetched(handler), fetched(bare)],
    express: [
      await overSocket(express().use('/invites', expressRouter(invites, { actor: () => actor }))),
      await overSocket(express().post('/invites', express.json(), (_, res) => void res.status(201).json(answer))),
    ],
    koa: [
      await overSocket(listenerOf(new Koa().use(koaRouter(invites, { actor: () => actor, prefix: '/invites' })))),
      await overSocket(
        listenerOf(
          new Koa().use(bodyParser()).use(ctx => {
            ctx.status = 201
            ctx.body = answer
          }),
        ),
      ),
    ],
    hono: [
      await overSocket(getRequestListener(new Hono().route('/invites', honoRouter(invites, { actor: () => actor })).fetch)),
      await overSocket(
        getRequestListener(
          new Hono().post('/invites', async c => {
            await c.req.json()
            return c.json(answer, 201)
          }).fetch,
        ),
      ),
    ],
  }
  const lines: Line[] = []
  for (const [name, [ours, theirs]] of Object.entries(pairs)) lines.push(await beside(name, ours, theirs))
  for (const close of closing) close()
  return lines
}

const listenerOf = (app: Koa): RequestListener => {
  const handle = app.callback()
  return (req, res) => void handle(req, res)
}

async function beside(name: string, ours: Call, theirs: Call): Promise<Line> {
  await cpuOf(ours, 1500)
  await cpuOf(theirs, 1500)
  const all = []
  for (let round = 0; round < 9; round += 1) all.push([await cpuOf(ours, 300), await cpuOf(theirs, 300)] as const)
  const added = median(all.map(([mine, other]) => mine - other))
  const show = (values: readonly number[]) => `${Math.round(median(values))} µs`
  return {
    what: `POST /invites, ${name}`,
    ours: show(all.map(([mine]) => mine)),
    theirs: show(all.map(([, other]) => other)),
    result: `+${Math.round(added)} µs`,
    target: { text: `≤ ${budget} µs`, met: added <= budget },
  }
}

/** Microseconds of CPU of this process for each call, one after the other. */
async function cpuOf(call: Call, calls: number): Promise<number> {
  const before = process.cpuUsage()
  for (let n = 0; n < calls; n += 1) await call()
  const { user, system } = process.cpuUsage(before)
  return (user + system) / calls
}

/** A server on loopback, and a call over one connection that stays. The client's CPU is the same on both sides. */
async function listen(listener: RequestListener): Promise<{ readonly call: Call; readonly close: () => void }> {
  const server = createServer(listener).listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  const port = typeof address === 'object' && address !== null ? address.port : 0
  const agent = new Agent({ keepAlive: true, maxSockets: 1 })
  const options = { port, agent, method: 'POST', path: '/invites', headers: { ...headers, 'content-length': body.length } }
  const call = () =>
    new Promise<void>((resolve, reject) => {
      const sent = request({ ...options, host: '127.0.0.1' }, answer => {
        if (answer.statusCode !== 201) reject(new Error(`answered ${answer.statusCode}`))
        answer.resume().once('end', resolve)
      })
      sent.once('error', reject).end(body)
    })
  const close = () => {
    agent.destroy()
    server.close()
  }
  return { call, close }
}
