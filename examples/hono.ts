// Hono: the router is a Hono app, so `app.route` mounts it, on every runtime that Hono runs on.
//
//   npx tsx examples/hono.ts
//   curl localhost:3000/invites -H 'authorization: Bearer ada' -H 'content-type: application/json' \
//     -d '{ "recipient": { "email": "grace@example.com" }, "role": "member" }'
import { randomBytes } from 'node:crypto'
import { serve } from '@hono/node-server'
import { Hono } from 'hono'
import { type Actor, consoleTransport, createInvites } from 'invitekit'
import { honoRouter } from 'invitekit/hono'
import { sqliteStorage } from 'invitekit/sqlite'

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

const app = new Hono()
app.route('/invites', honoRouter(invites, { actor: c => sessions.get(c.req.header('authorization')) }))
app.get('/', c => c.text('my app'))

export const server = serve({ fetch: app.fetch, port: Number(process.env['PORT'] ?? 3000) })
