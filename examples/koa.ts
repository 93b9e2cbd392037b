// Koa: one middleware. It answers below the path of `publicUrl` (or `prefix`) and leaves every other path alone.
//
//   npx tsx examples/koa.ts
//   curl localhost:3000/invites -H 'authorization: Bearer ada' -H 'content-type: application/json' \
//     -d '{ "recipient": { "email": "grace@example.com" }, "role": "member" }'
import { randomBytes } from 'node:crypto'
import { type Actor, consoleTransport, createInvites } from 'invitekit'
import { koaRouter } from 'invitekit/koa'
import { sqliteStorage } from 'invitekit/sqlite'
import Koa from 'koa'

export const invites = createInvites({
  storage: sqliteStorage({ database: process.env['DATABASE_FILE'] ?? ':memory:' }),
  keys: [process.env['INVITE_KEY'] ?? randomBytes(32)], // store a key: with a random one, links end with the process
  publicUrl: 'http://localhost:3000/invites',
  transports: { email: consoleTransport() }, // smtpTransport({ url, from }) of invitekit/smtp sends them
})
await invites.migrate()
invites.relay.start() // retries what could not be sent, also after a restart

// Your own sessions.
const sessions = new Map<string | undefined, Actor>([
  ['Bearer ada', { userId: 'ada', email: 'ada@acme.example', emailVerified: true, organizationId: 'acme', role: 'owner' }],
  ['Bearer grace', { userId: 'grace', email: 'grace@example.com', emailVerified: true }],
])

const app = new Koa()
app.use(koaRouter(invites, { actor: ctx => sessions.get(ctx.get('authorization')) }))
app.use(ctx => {
  ctx.body = 'my app'
})

export const server = app.listen(Number(process.env['PORT'] ?? 3000))
