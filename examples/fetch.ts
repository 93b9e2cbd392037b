// No framework: a function of a fetch Request for Bun, Deno and Workers, and a listener for plain node:http.
//
//   npx tsx examples/fetch.ts
//   curl localhost:3000/invites -H 'authorization: Bearer ada' -H 'content-type: application/json' \
//     -d '{ "recipient": { "email": "grace@example.com" }, "role": "member" }'
import { randomBytes } from 'node:crypto'
import { createServer } from 'node:http'
import { type Actor, consoleTransport, createInvites } from 'invitekit'
import { createHandler, nodeListener } from 'invitekit/http'
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
const sessions = new Map<string | null | undefined, Actor>([
  ['Bearer ada', { userId: 'ada', email: 'ada@acme.example', emailVerified: true, organizationId: 'acme', role: 'owner' }],
  ['Bearer grace', { userId: 'grace', email: 'grace@example.com', emailVerified: true }],
])

// Bun: `Bun.serve({ fetch: handler })` · Deno: `Deno.serve(handler)` · Workers: `export default { fetch: handler }`.
// Give it `clientAddress` too, as the platform knows it: without one all clients share the limits of public routes.
export const handler = createHandler(invites, { actor: request => sessions.get(request.headers.get('authorization')) })

// On Node a listener saves the detour, and knows the client's address by itself.
const listener = nodeListener(invites, { actor: req => sessions.get(req.headers.authorization) })

export const server = createServer((req, res) => {
  if (req.url === '/') res.end('my app')
  else listener(req, res)
}).listen(Number(process.env['PORT'] ?? 3000))
