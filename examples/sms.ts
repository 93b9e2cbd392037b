// Invites by SMS: Twilio sends them, says by signed callbacks what became of each, and passes on a STOP.
//
//   TWILIO_ACCOUNT_SID=AC… TWILIO_AUTH_TOKEN=… TWILIO_FROM=+15005550006 PHONE=+4915112345678 npx tsx examples/sms.ts
import { randomBytes } from 'node:crypto'
import { createServer } from 'node:http'
import { createInvites } from 'invitekit'
import { nodeListener } from 'invitekit/http'
import { sqliteStorage } from 'invitekit/sqlite'
import { twilioTransport } from 'invitekit/twilio'

const { TWILIO_ACCOUNT_SID = `AC${'0'.repeat(32)}`, TWILIO_AUTH_TOKEN = '0'.repeat(32), TWILIO_URL } = process.env

export const invites = createInvites({
  storage: sqliteStorage({ database: process.env['DATABASE_FILE'] ?? ':memory:' }),
  keys: [process.env['INVITE_KEY'] ?? randomBytes(32)], // store a key: with a random one, links end with the process
  publicUrl: process.env['PUBLIC_URL'] ?? 'https://app.example.com/invites', // where Twilio reaches the listener below
  transports: {
    sms: twilioTransport({
      accountSid: TWILIO_ACCOUNT_SID,
      authToken: TWILIO_AUTH_TOKEN, // also checks the signature of every callback
      from: process.env['TWILIO_FROM'] ?? '+15005550006',
      baseUrl: TWILIO_URL, // Twilio's own unless you test
    }),
  },
  directory: { organization: () => ({ name: 'Acme' }) },
})
await invites.migrate()

// Serves the link in the SMS, and POST /invites/callbacks/sms. Set that address as the webhook for incoming messages of
// your number too: then STOP ends the messages here as it does at Twilio, and START takes it back.
export const server = createServer(nodeListener(invites, { parts: ['public'] }))
server.listen(Number(process.env['PORT'] ?? 3000))

const { invite } = await invites.create(
  { recipient: { phone: process.env['PHONE'] ?? '+4915112345678', locale: 'de' }, role: 'member' },
  { actor: { userId: 'ada', name: 'Ada', organizationId: 'acme', role: 'owner' } },
)
await invites.relay.drain() // a running app calls `relay.start()` and goes on

/** queued, sent, delivered; or failed, bounced, complained, suppressed, and why in `failure`. */
export async function deliveries(): Promise<readonly string[]> {
  const { deliveries } = await invites.get({ id: invite.id }, { actor: 'system', organizationId: 'acme' })
  return deliveries.map(({ channel, status, failure }) => `${channel} ${status}${failure ? `: ${failure}` : ''}`)
}
console.log(await deliveries())
