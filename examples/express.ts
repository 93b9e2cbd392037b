// Express 4 and 5: the router hangs where `publicUrl` points, and asks your own sessions who calls.
//
//   npx tsx examples/express.ts
//   curl localhost:3000/invites -H 'authorization: Bearer ada' -H 'content-type: application/json' \
//     -d '{ "recipient": { "email": "grace@example.com" }, "role": "member" }'
import { randomBytes } from 'node:crypto'
import express from 'express'
import { type Actor, consoleTransport, createInvites } from 'invitekit'
import { expressRouter } from 'invitekit/express'
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

const app = express()
app.set('trust proxy', 'loopback') // public routes are limited by client address: say which proxies to believe
app.use(express.json()) // before or after the router: both work
app.use('/invites', expressRouter(invites, { actor: req => sessions.get(req.get('authorization')) }))
app.get('/', (_req, res) => void res.send('my app'))

export const server = app.listen(Number(process.env['PORT'] ?? 3000))

process.once('SIGTERM', () => server.close(() => invites.close())) // lets sends under way finish
