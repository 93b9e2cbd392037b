// Stored templates: an organization's own words and looks, checked when they are stored, in the recipient's language.
//
//   npm install liquidjs
//   npx tsx examples/templates.ts
import { randomBytes } from 'node:crypto'
import { consoleTransport, createInvites, isInviteError, type TemplateContent } from 'invitekit'
import { sqliteStorage } from 'invitekit/sqlite'

export const invites = createInvites({
  storage: sqliteStorage({ database: process.env['DATABASE_FILE'] ?? ':memory:' }),
  keys: [process.env['INVITE_KEY'] ?? randomBytes(32)], // store a key: with a random one, links end with the process
  publicUrl: 'https://app.example.com/invites',
  transports: { email: consoleTransport() },
  directory: { organization: () => ({ name: 'Acme' }) },
})
await invites.migrate()

const actor = { userId: 'ada', name: 'Ada', organizationId: 'acme', role: 'owner', emailVerified: false }

const content: TemplateContent = {
  email: {
    subject: '{{ inviter.name }} would like you in {{ organization.name }}',
    body: 'Hi {{ recipient.name | default: "there" }},\n\n{% if metadata.project %}we need you for {{ metadata.project }}.{% endif %}',
    senderName: '{{ organization.name }}',
    replyTo: 'team@acme.example',
  },
  landing: { header: 'Welcome, {{ recipient.name | default: "friend" }}', button: 'Join us' },
  brand: { name: 'Acme', color: '#7a3cff' },
  locales: { de: { email: { subject: '{{ inviter.name }} hätte dich gern bei {{ organization.name }}' } } },
}

/** The default of the organization, or what is wrong with it and where. */
export async function store(content: TemplateContent) {
  try {
    const { template } = await invites.templates.create({ name: 'Welcome', default: true, content }, { actor })
    return [`stored ${template.name}`]
  } catch (error) {
    if (!isInviteError(error) || error.facts.code !== 'template_invalid') throw error
    return error.facts.errors.map(({ path, detail }) => `${path}: ${detail}`)
  }
}

console.log(await store({ email: { subject: 'Hi {{ recipient.nickname }}' } }))
console.log(await store(content))

const { email } = await invites.templates.preview({ content, locale: 'de' }, { actor })
console.log(`In German: ${email?.subject}`)

const recipient = { email: 'grace@example.com', firstName: 'Grace' }
await invites.create({ recipient, role: 'member', metadata: { project: 'the moon' } }, { actor })
await invites.relay.drain() // a running app calls `relay.start()` and goes on
