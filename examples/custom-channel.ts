// A channel of your own: a bot in the company chat that finds people by their e-mail address.
//
//   CHAT_WEBHOOK=https://chat.example/hooks/1 npx tsx examples/custom-channel.ts
import { randomBytes } from 'node:crypto'
import { createInvites, type Transport } from 'invitekit'
import { sqliteStorage } from 'invitekit/sqlite'

function chatTransport(webhook: string): Transport {
  return {
    reach: 'email', // which of the recipient's addresses `to` is
    perSecond: 10,
    async send({ id, to, text, signal }) {
      const response = await fetch(webhook, {
        method: 'POST',
        signal,
        // The id is the same on every try: after a crash the chat can tell that it has this message already.
        headers: { 'content-type': 'application/json', 'idempotency-key': id },
        body: JSON.stringify({ to, text }),
      })
      if (response.ok) return { providerId: response.headers.get('x-message-id') ?? undefined }
      // The relay tries again with growing pauses, unless the error is `permanent`.
      const permanent = response.status >= 400 && response.status < 500 && response.status !== 429
      throw Object.assign(new Error(`the chat answered ${response.status}`), { permanent })
    },
  }
}

export const invites = createInvites({
  storage: sqliteStorage({ database: process.env['DATABASE_FILE'] ?? ':memory:' }),
  keys: [process.env['INVITE_KEY'] ?? randomBytes(32)], // store a key: with a random one, links end with the process
  publicUrl: 'https://app.example.com/invites',
  transports: { chat: chatTransport(process.env['CHAT_WEBHOOK'] ?? 'http://localhost:8065/hooks/invites') }, // beside `email`, if you like
})
await invites.migrate()

const { invite } = await invites.create(
  { recipient: { email: 'grace@example.com' }, role: 'member', channels: ['chat'] },
  { actor: { userId: 'ada', name: 'Ada', organizationId: 'acme', role: 'owner' } },
)
await invites.relay.drain() // a running app calls `relay.start()` and goes on
export const { deliveries } = await invites.get({ id: invite.id }, { actor: 'system', organizationId: 'acme' })
console.log(deliveries)
