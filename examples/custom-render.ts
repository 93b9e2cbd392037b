// Mails in your own words: `render` writes a message, or leaves it to the built-in layout.
//
//   npx tsx examples/custom-render.ts
import { randomBytes } from 'node:crypto'
import { consoleTransport, createInvites, type MessageFacts, type Rendered } from 'invitekit'
import { sqliteStorage } from 'invitekit/sqlite'

const words = {
  en: { subject: (who: string, what: string) => `${who} invites you to ${what}`, button: 'Join' },
  de: { subject: (who: string, what: string) => `${who} lädt Sie zu ${what} ein`, button: 'Beitreten' },
}

export function render({ channel, recipient, inviter, organization, link }: MessageFacts): Rendered | undefined {
  if (channel !== 'email') return undefined
  const { subject, button } = words[recipient.locale?.startsWith('de') ? 'de' : 'en']
  const title = subject(inviter.name ?? 'Somebody', organization.name ?? 'a team')
  return {
    subject: title,
    text: `${title}\n\n${link}\n`, // the link stands in every text: not every reader shows HTML
    html: `<h1>${escaped(title)}</h1><p><a href="${escaped(link)}">${button}</a></p>`,
  }
}

/** Names come from people. Nothing that `render` is given is escaped. */
const escaped = (text: string): string => text.replace(/[&<>"']/g, character => `&#${character.charCodeAt(0)};`)

export const invites = createInvites({
  storage: sqliteStorage({ database: process.env['DATABASE_FILE'] ?? ':memory:' }),
  keys: [process.env['INVITE_KEY'] ?? randomBytes(32)], // store a key: with a random one, links end with the process
  publicUrl: 'https://app.example.com/invites',
  transports: { email: consoleTransport() },
  directory: { organization: () => ({ name: 'Acme & Co' }) },
  render,
})
await invites.migrate()

await invites.create(
  { recipient: { email: 'grete@example.com', locale: 'de-AT' }, role: 'member' },
  { actor: { userId: 'ada', name: 'Ada', organizationId: 'acme', role: 'owner' } },
)
await invites.relay.drain() // a running app calls `relay.start()` and goes on
