// Two apps on one database: staff manage invites in the internal one, invitees only ever reach the public one.
//
//   npx tsx examples/two-halves.ts
import { randomBytes } from 'node:crypto'
import express from 'express'
import { type Actor, consoleTransport, createInvites } from 'invitekit'
import { expressRouter } from 'invitekit/express'
import { sqliteStorage } from 'invitekit/sqlite'

// Two processes may each make their own, with the same database, keys and publicUrl.
export const invites = createInvites({
  storage: sqliteStorage({ database: process.env['DATABASE_FILE'] ?? ':memory:' }),
  keys: [process.env['INVITE_KEY'] ?? randomBytes(32)], // store a key: with a random one, links end with the process
  publicUrl: 'http://localhost:3000/join', // of the public app: links point to it
  transports: { email: consoleTransport() },
})
await invites.migrate()
invites.relay.start()

// The internal app, in your own network: your staff's single sign-on says who calls.
const staff = new Map<string | undefined, Actor>([
  ['ada@acme.example', { userId: 'ada', organizationId: 'acme', role: 'owner' }],
])
const internal = express()
internal.use('/invites', expressRouter(invites, { parts: ['management'], actor: req => staff.get(req.get('x-sso-user')) }))

// The public app: landing page, preview, accept, decline. There is no route here that lists or creates.
const customers = new Map<string | undefined, Actor>([
  ['Bearer grace', { userId: 'grace', email: 'grace@example.com', emailVerified: true }],
])
const open = express()
open.use('/join', expressRouter(invites, { parts: ['public'], actor: req => customers.get(req.get('authorization')) }))

export const publicServer = open.listen(Number(process.env['PORT'] ?? 3000))
export const internalServer = internal.listen(Number(process.env['INTERNAL_PORT'] ?? 3001), '127.0.0.1')
