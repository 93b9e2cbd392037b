// Reminders to whoever has not answered, and a mail to the inviter when nobody did.
//
//   npx tsx examples/reminders.ts
import { randomBytes } from 'node:crypto'
import { consoleTransport, createInvites } from 'invitekit'
import { sqliteStorage } from 'invitekit/sqlite'

const users = new Map([['ada', { name: 'Ada', email: 'ada@example.com', locale: 'en' }]])

// A clock to advance, so that a week passes at once here. Your app leaves `clock` out.
const day = 86_400_000
let passed = 0

export const invites = createInvites({
  storage: sqliteStorage({ database: process.env['DATABASE_FILE'] ?? ':memory:' }),
  keys: [process.env['INVITE_KEY'] ?? randomBytes(32)], // store a key: with a random one, links end with the process
  publicUrl: 'https://app.example.com/invites',
  transports: { email: consoleTransport() },
  directory: { user: userId => users.get(userId) ?? null, organization: () => ({ name: 'Acme' }) },
  expiresIn: '7d',
  reminders: [{ after: '3d' }, { before: '1d' }], // three days after the send, and a day before it expires
  expiryNotices: { page: 'https://app.example.com/team' }, // where Ada may invite again
  clock: () => new Date(Date.now() + passed),
})
await invites.migrate()

const { invite } = await invites.create(
  { recipient: { email: 'grace@example.com' }, role: 'member' },
  { actor: { userId: 'ada', organizationId: 'acme', role: 'owner' } },
)

// A long-running process calls `invites.relay.start()` for this, a cron job `invites.relay.drain()`.
for (; passed <= 8 * day; passed += day) await invites.relay.drain()

const { deliveries } = await invites.get({ id: invite.id }, { actor: 'system', organizationId: 'acme' })
console.log(deliveries.map(({ reason, status }) => `${reason}: ${status}`))
