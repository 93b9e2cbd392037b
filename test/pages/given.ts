// An organization in memory, and visits to its landing page as a browser makes them.
import { landingPage } from '../../adapters/http/pages/landing/landing.ts'
import { memoryStorage } from '../../adapters/storage/memory/index.ts'
import { type Actor, type CreateInput, createInvites, type Limits, type Pages } from '../../src/index.ts'

export const ada: Actor = {
  userId: 'ada',
  organizationId: 'acme',
  role: 'owner',
  email: 'ada@acme.example',
  emailVerified: true,
}
export const bob = { userId: 'bob', email: 'bob@example.com', emailVerified: true } satisfies Actor
export const eve = { userId: 'eve', email: 'eve@elsewhere.example', emailVerified: true } satisfies Actor
export const publicUrl = 'https://app.example.com/invites'

export interface Setting {
  readonly pages?: Pages
  readonly name?: string
  readonly hasAccount?: boolean
}

export async function given({ pages = {}, name = 'Acme', hasAccount = true }: Setting = {}) {
  let now = new Date('2024-05-06T12:00:00Z')
  let limits: Limits = {}
  const reports: unknown[] = []
  const invites = createInvites({
    storage: memoryStorage(),
    keys: ['ab'.repeat(32)],
    publicUrl,
    pages,
    limits: () => limits,
    directory: { organization: () => ({ name }), user: () => ({ name: 'Ada Lovelace' }), hasAccount: () => hasAccount },
    clock: () => now,
    onError: error => reports.push(error),
  })
  await invites.migrate()

  async function invite(input: Partial<CreateInput<'member'>> = {}) {
    const recipient = { email: 'bob@example.com' }
    const terms = { recipient, role: 'member', send: false, ...input } as CreateInput<'member'>
    const made = await invites.create(terms, { actor: ada })
    return { id: made.invite.id, token: made.link.slice(made.link.lastIndexOf('/') + 1) }
  }

  const visit = (token: string, { actor = null, form, method, language = 'en' }: Visiting = {}) =>
    landingPage(invites, {
      token,
      path: `/i/${token}`,
      actor: async () => actor,
      request: new Request(`http://inside.test:3000/i/${token}`, {
        method: method ?? (form ? 'POST' : 'GET'),
        headers: { 'accept-language': language, host: 'evil.example', 'x-forwarded-host': 'evil.example' },
      }),
      ...(form ? { form: new URLSearchParams(form) } : {}),
    })

  return {
    invites,
    invite,
    visit,
    reports,
    pass: (ms: number) => {
      now = new Date(now.getTime() + ms)
    },
    limit: (next: Limits) => {
      limits = next
    },
    look: (id: string) => invites.get({ id }, { actor: ada }),
  }
}

interface Visiting {
  readonly actor?: Actor | null
  readonly form?: Record<string, string>
  readonly method?: string
  readonly language?: string
}

/** The values of the buttons, and the addresses of the links styled as such. */
export const ways = (body: string) => [
  ...[...body.matchAll(/<button[^>]*value="(\w+)"/g)].map(found => found[1]),
  ...[...body.matchAll(/<a [^>]*href="([^"]*)"/g)].map(found => found[1]?.replaceAll('&amp;', '&')),
]
