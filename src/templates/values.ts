// The values that a template's text may name, made harmless for where it goes.
import type { JsonObject } from '../domain/invite.ts'
import type { MessageFacts } from '../ports/render.ts'
import type { TemplateValue, TemplateValues } from '../ports/template-engine.ts'
import { dateText } from '../text/catalogue.ts'
import type { Texts } from '../text/locales/texts.ts'
import { isolate, neutralizeLinks, neutralizeLinksShort, oneLine } from '../text/sanitize.ts'
import type { Slot } from './content.ts'

/** What a page or message is about; a page is reached by the link and does not show it. */
export type TextValues = Pick<MessageFacts, 'organization' | 'inviter' | 'recipient' | 'role' | 'expiresAt' | 'brand'> & {
  readonly link: string | null
  readonly code: string | null
  /** Null for a sample: it may hold anything. */
  readonly metadata: JsonObject | null
}

/** Characters of one text in metadata: a message from person to person. */
const longNote = 500

/** How a value is made harmless; `max` where it may be longer than a name. */
const tamed: { readonly [P in Slot]: (value: string, max?: number) => string } = {
  line: (value, max = 50) => neutralizeLinks(value, max),
  mail: neutralizeLinks,
  short: neutralizeLinksShort,
  page: oneLine,
}

export function valuesFor(slot: Slot, facts: TextValues, texts: Texts): TemplateValues {
  const mark = (value: string, max?: number) => {
    const harmless = tamed[slot](value, max)
    return harmless === '' ? null : isolate(harmless, texts.rtl)
  }
  const typed = (value: string | null | undefined) => (value ? mark(value) : null)
  const { organization, inviter, recipient, role, expiresAt, brand, metadata } = facts
  const isBody = slot === 'mail' || slot === 'short'
  const note = slot === 'short' ? undefined : longNote
  return {
    organization: { id: typed(organization.id), name: typed(organization.name) ?? typed(brand.name) },
    inviter: { name: typed(inviter.name) },
    recipient: {
      name: typed(recipient.firstName ?? recipient.fullName),
      firstName: typed(recipient.firstName),
      lastName: typed(recipient.lastName),
      fullName: typed(recipient.fullName),
      // A page is seen by whoever holds the link: addresses are masked there.
      ...(slot === 'page' ? {} : { email: typed(recipient.email) }),
    },
    role: typed(Object.hasOwn(texts.roles, role) ? (texts.roles[role] ?? role) : role),
    expiresAt: expiresAt === null ? null : dateText(expiresAt, recipient.locale, texts),
    metadata: metadata === null ? null : harmless(metadata, value => mark(value, note) ?? ''),
    ...(isBody ? { link: facts.link, code: facts.code } : {}),
  }
}

/** Every text in it, keys included: a loop can write those too. */
function harmless(value: JsonObject, mark: (text: string) => string): TemplateValues {
  const inner = (item: JsonObject[string]): TemplateValue => {
    if (typeof item === 'string') return mark(item)
    if (typeof item !== 'object' || item === null) return item
    if (Array.isArray(item)) return item.map(inner)
    return harmless(item as JsonObject, mark)
  }
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [neutralizeLinks(key), inner(item)]))
}

const long = 'Wilhelmina Amalia von Brandenburg-Ansbach-Kulmbach-Bayreuth'
const filled = (value: string): TextValues => ({
  organization: { id: value, name: value },
  inviter: { name: value },
  recipient: { fullName: value, firstName: value, lastName: value, email: 'w@example.com', locale: null },
  role: 'member',
  expiresAt: new Date('2026-09-30T22:45:00Z'),
  brand: {},
  link: `https://app.example.com/invites/i/${'x'.repeat(100)}`,
  code: '7KQ29-48570',
  metadata: null,
})

/** An invite with everything as long as it comes, and one with nothing. */
export const samples: readonly TextValues[] = [
  filled(long),
  // Each dot gets company.
  filled('.'.repeat(60)),
  {
    ...filled(long),
    organization: { id: 'o', name: null },
    inviter: { name: null },
    recipient: { fullName: null, firstName: null, lastName: null, email: null, locale: null },
    expiresAt: null,
    code: null,
  },
]
