// Several organizations: the path names one, and your own tables have the signed-in user's role in it.
//
//   npx tsx examples/orgs.ts
//   curl localhost:3000/orgs/acme/invites -H 'authorization: Bearer ada' -H 'content-type: application/json' \
//     -d '{ "recipient": { "email": "grace@example.com" }, "role": "member" }'
import { randomBytes } from 'node:crypto'
import express, { type Request } from 'express'
import { type Actor, consoleTransport, createInvites } from 'invitekit'
import { expressRouter } from 'invitekit/express'
import { sqliteStorage } from 'invitekit/sqlite'

export const invites = createInvites({
  storage: sqliteStorage({ database: process.env['DATABASE_FILE'] ?? ':memory:' }),
  keys: [process.env['INVITE_KEY'] ?? randomBytes(32)], // store a key: with a random one, links end with the process
  publicUrl: 'http://localhost:3000/invites',
  transports: { email: consoleTransport() },
  directory: { organization: id => ({ name: id === 'acme' ? 'Acme' : 'Initech' }) },
})
await invites.migrate()
invites.relay.start()

// Your own sessions and memberships.
const sessions = new Map<string | undefined, Actor>([
  ['Bearer ada', { userId: 'ada', email: 'ada@acme.example', emailVerified: true }],
  ['Bearer grace', { userId: 'grace', email: 'grace@example.com', emailVerified: true }],
])
const roles = new Map([
  ['acme/ada', 'owner'],
  ['initech/ada', 'member'],
])

const signedIn = (req: Request) => sessions.get(req.get('authorization'))

/** A user who is no member gets no role and no organization, so their calls fail with 403. */
function actorIn(org: string, req: Request): Actor | undefined {
  const user = signedIn(req)
  const role = user && roles.get(`${org}/${user.userId}`)
  return user && { ...user, role, organizationId: role && org }
}

const app = express()
app.use(
  '/orgs/:org/invites',
  expressRouter(invites, { parts: ['management'], actor: (req, { org = '' }) => actorIn(org, req) }),
)
// The public routes need no organization: the invite has its own. Links point here, because `publicUrl` does.
app.use('/invites', expressRouter(invites, { parts: ['public'], actor: signedIn }))

export const server = app.listen(Number(process.env['PORT'] ?? 3000))
