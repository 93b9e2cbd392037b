// Small apps, as text: each makes an invite for its project's own framework, and Ben accepts it by the link.

export const options = "{ storage, keys: ['0'.repeat(64)], publicUrl: 'https://app.example.com/invites' }"

/** Ann invites Ben over HTTP, Ben accepts by the link. `send` is the project's own way to its app. */
const story = `
const people = {
  ann: { userId: 'ann', organizationId: 'acme', role: 'owner', email: 'ann@acme.example', emailVerified: true },
  ben: { userId: 'ben', email: 'ben@example.com', emailVerified: true },
}
async function tell(send) {
  const post = (path, user, body) =>
    send(path, { method: 'POST', headers: { 'content-type': 'application/json', 'x-user': user }, body: JSON.stringify(body) })
  const made = await post('/invites', 'ann', { recipient: { email: 'ben@example.com' }, role: 'member' })
  const { link, invite } = await made.json()
  const accepted = await post('/invites/accept', 'ben', { token: link.split('/').pop() })
  const { member } = await accepted.json()
  console.log(made.status, invite.status, accepted.status, member.userId, member.role)
}
`
export const expressApp = `
import express from 'express'
import { createInvites } from 'invitekit'
import { expressRouter } from 'invitekit/express'
import { memoryStorage } from 'invitekit/memory'
${story}
const storage = memoryStorage()
const invites = createInvites(${options})
const app = express()
app.use(express.json())
app.use('/invites', expressRouter(invites, { actor: req => people[req.get('x-user')] }))
const server = app.listen(0, async () => {
  await tell((path, init) => fetch('http://127.0.0.1:' + server.address().port + path, init))
  server.close()
})
`

export const koaApp = `
import Koa from 'koa'
import { createInvites } from 'invitekit'
import { koaRouter } from 'invitekit/koa'
import { memoryStorage } from 'invitekit/memory'
${story}
const storage = memoryStorage()
const invites = createInvites(${options})
const app = new Koa()
app.use(koaRouter(invites, { actor: ctx => people[ctx.get('x-user')] }))
const server = app.listen(0, async () => {
  await tell((path, init) => fetch('http://127.0.0.1:' + server.address().port + path, init))
  server.close()
})
`

export const honoApp = `
import { Hono } from 'hono'
import { createInvites } from 'invitekit'
import { honoRouter } from 'invitekit/hono'
import { memoryStorage } from 'invitekit/memory'
${story}
const storage = memoryStorage()
const invites = createInvites(${options})
const app = new Hono().route('/invites', honoRouter(invites, { actor: c => people[c.req.header('x-user')] }))
await tell((path, init) => app.request(path, init))
`

export const commonjsApp = `
const { createInvites } = require('invitekit')
const { createHandler } = require('invitekit/http')
const { sqliteStorage } = require('invitekit/sqlite')
${story}
async function main() {
  const storage = sqliteStorage({ database: 'app.db' })
  const invites = createInvites(${options})
  await invites.migrate()
  const handler = createHandler(invites, { actor: request => people[request.headers.get('x-user')] })
  await tell((path, init) => handler(new Request('https://app.example.com' + path, init)))
  await storage.close()
}
main()
`

export const typedApp = `
import Sqlite, { type Database } from 'better-sqlite3'
import express, { type Request } from 'express'
import { type Actor, createInvites, isInviteError } from 'invitekit'
import { expressRouter } from 'invitekit/express'
import { sqliteStorage } from 'invitekit/sqlite'

const database: Database = new Sqlite('app.db')
const invites = createInvites({
  storage: sqliteStorage({ database }),
  keys: ['0'.repeat(64)],
  publicUrl: 'https://app.example.com/invites',
  roles: { chief: { grants: ['chief', 'cook'] }, cook: { grants: [] } },
})
await invites.migrate()

const ann: Actor = { userId: 'ann', organizationId: 'acme', role: 'chief' }
const ben: Actor = { userId: 'ben', email: 'ben@example.com', emailVerified: true }
const actor = (req: Request) => (req.get('x-user') === 'ben' ? ben : null)
const router = expressRouter(invites, { actor, publicLimits: { perClient: 600 }, bodyTimeout: 5_000 })
const server = express().use('/invites', router).listen(0)

const { invite, link } = await invites.create({ recipient: { email: 'ben@example.com' }, role: 'cook' }, { actor: ann })
const role: 'chief' | 'cook' = invite.role
// @ts-expect-error: no such role
await invites.create({ recipient: { email: 'eve@example.com' }, role: 'guest' }, { actor: ann }).catch((error: unknown) => {
  console.log(isInviteError(error) && error.code)
})
const address = server.address()
const port = typeof address === 'object' ? address?.port : undefined
const accepted = await fetch(\`http://127.0.0.1:\${port}/invites/accept\`, {
  method: 'POST',
  headers: { 'content-type': 'application/json', 'x-user': 'ben' },
  body: JSON.stringify({ token: link.split('/').at(-1) }),
})
console.log(role, accepted.status)
server.close()
`
