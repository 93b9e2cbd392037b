// The values that a template's text may name, sanitized for the place that the text goes to.
import type { JsonObject } from '../domain/invite.ts'
import type { MessageFacts } from '../ports/render.ts'
import type { TemplateValue, TemplateValues } from '../ports/template-engine.ts'
import { dateText } from '../text/catalogue.ts'
import type { Texts } from '../text/locales/texts.ts'
import { isolate, neutralizeLinks, neutralizeLinksShort, oneLine } from '../text/sanitize.ts'
import type { Slot } from './content.ts'

/** What a message or page is about. On a page `link` is null: its reader came by the link. */
export type TextValues = Pick<MessageFacts, 'organization' | 'inviter' | 'recipient' | 'role' | 'expiresAt' | 'brand'> & {
  readonly link: string | null
  readonly code: string | null
  /** Null when a text is checked: then it may name anything in metadata. */
  readonly metadata: JsonObject | null
}

/** Characters of one text in metadata. It may be a note from person to person, so it may be longer than a name. */
const maxMetadataText = 500

/** `max` is given where a value may be longer than a name. */
const sanitizers: { readonly [P in Slot]: (value: string, max?: number) => string } = {
  line: (value, max = 50) => neutralizeLinks(value, max),
  mail: neutralizeLinks,
  short: neutralizeLinksShort,
  page: oneLine,
}

export function valuesFor(slot: Slot, facts: TextValues, texts: Texts): TemplateValues {
  const sanitize = (value: string, max?: number) => {
    const safe = sanitizers[slot](value, max)
    return safe === '' ? null : isolate(safe, texts.rtl)
  }
  const safeText = (value: string | null | undefined) => (value ? sanitize(value) : null)
  const { organization, inviter, recipient, role, expiresAt, brand, metadata } = facts
  const isBody = slot === 'mail' || slot === 'short'
  const maxText = slot === 'short' ? undefined : maxMetadataText
  return {
    organization: { id: safeText(organization.id), name: safeText(organization.name) ?? safeText(brand.name) },
    inviter: { name: safeText(inviter.name) },
    recipient: {
      name: safeText(recipient.firstName ?? recipient.fullName),
      firstName: safeText(recipient.firstName),
      lastName: safeText(recipient.lastName),
      fullName: safeText(recipient.fullName),
      // Whoever has the link sees the page, so it does not show the address.
      ...(slot === 'page' ? {} : { email: safeText(recipient.email) }),
    },
    role: safeText(Object.hasOwn(texts.roles, role) ? (texts.roles[role] ?? role) : role),
    expiresAt: expiresAt === null ? null : dateText(expiresAt, recipient.locale, texts),
    metadata: metadata === null ? null : sanitizeAll(metadata, value => sanitize(value, maxText) ?? ''),
    ...(isBody ? { link: facts.link, code: facts.code } : {}),
  }
}

/** Every text in a JSON object. Its keys too, because a loop can print them. */
function sanitizeAll(value: JsonObject, sanitize: (text: string) => string): TemplateValues {
  const inner = (item: JsonObject[string]): TemplateValue => {
    if (typeof item === 'string') return sanitize(item)
    if (typeof item !== 'object' || item === null) return item
    if (Array.isArray(item)) return item.map(inner)
    return sanitizeAll(item as JsonObject, sanitize)
  }
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [neutralizeLinks(key), inner(item)]))
}

const longName = 'Wilhelmina Amalia von Brandenburg-Ansbach-Kulmbach-Bayreuth'
const sampleWith = (value: string): TextValues => ({
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

/** What texts are checked with: long values, values that grow when they are sanitized, and an invite with hardly any. */
export const samples: readonly TextValues[] = [
  sampleWith(longName),
  // Each dot gets two word joiners, so this is the longest that a value can become.
  sampleWith('.'.repeat(60)),
  {
    ...sampleWith(longName),
    organization: { id: 'o', name: null },
    inviter: { name: null },
    recipient: { fullName: null, firstName: null, lastName: null, email: null, locale: null },
    expiresAt: null,
    code: null,
  },
]
