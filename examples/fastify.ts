// Fastify 5: a plugin of its own around the fetch handler, so that its content-type parser applies to no other route.
//
//   npx tsx examples/fastify.ts
//   curl localhost:3000/invites -H 'authorization: Bearer ada' -H 'content-type: application/json' \
//     -d '{ "recipient": { "email": "grace@example.com" }, "role": "member" }'
import { randomBytes } from 'node:crypto'
import Fastify, { type FastifyInstance, type FastifyRequest } from 'fastify'
import { type Actor, consoleTransport, createInvites } from 'invitekit'
import { createHandler } from 'invitekit/http'
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

// `native` is what the handler is called with besides the request: here Fastify's own, with what your hooks have put on it.
const handler = createHandler(invites, {
  actor: (_request, _params, native: FastifyRequest) => sessions.get(native.headers.authorization),
  clientAddress: (_request, native) => native.ip,
})

async function invitesPlugin(scope: FastifyInstance) {
  scope.removeAllContentTypeParsers()
  scope.addContentTypeParser('*', { parseAs: 'buffer' }, (_request, body, done) => done(null, body))
  for (const path of ['/', '/*']) scope.all(path, async request => handler(toRequest(request), request))
}

function toRequest(native: FastifyRequest): Request {
  const headers = Object.entries(native.headers).map(([name, value]): [string, string] => [name, String(value)])
  const body = native.body instanceof Uint8Array ? native.body : null
  return new Request(`http://localhost${native.url}`, { method: native.method, headers, body })
}

export const app = Fastify()
app.get('/', () => 'my app')
app.post('/echo', request => request.body) // outside of the plugin bodies are parsed as usual
await app.register(invitesPlugin, { prefix: '/invites' })
await app.listen({ port: Number(process.env['PORT'] ?? 3000) })

export const { server } = app
