// The options of webhookSink, checked when it is made. No message contains a secret.
import { isIP } from 'node:net'
import { type InviteEvent, type InviteEventType, type OptionChecks, runChecks, unsetHint } from '../../../src/core.ts'
import { type AddressGuard, createAddressGuard } from './address-guard.ts'
import { type Headers, isKnown, known, signSmile, signStandard, toSmile, toStandard } from './format.ts'
import type { WebhookOptions } from './options.ts'
import { checkSecrets, refuse } from './secret.ts'

/** What the sink needs of its options. */
export interface Endpoint {
  readonly name: string
  readonly url: URL
  readonly addressGuard: AddressGuard
  readonly types: ReadonlySet<InviteEventType>
  readonly toBody: (event: InviteEvent) => object
  readonly sign: (id: string, body: Buffer) => Headers
}

const checks = {
  url: (url, { allow }) => checkUrl(url, checkAllow(allow ?? [])),
  secret: (secret, { format }) => checkSecrets(secret, format),
  events: (events, { format }) => checkEvents(events, format),
  format: (format = 'standard') =>
    format === 'standard' || format === 'smile' ? format : refuse("`format` must be 'standard' or 'smile'."),
  allow: allow => checkAllow(allow ?? []),
  name: (name = 'webhook') =>
    typeof name === 'string' && name !== '' ? name : refuse("`name` must be a text such as 'billing', or left out."),
  tenant: tenant => tenant,
} satisfies OptionChecks<WebhookOptions>

export function checkEndpoint(options: WebhookOptions): Endpoint {
  if (typeof options !== 'object' || options === null)
    refuse("takes an object, such as { url: 'https://example.com/hooks', secret: process.env.WEBHOOK_SECRET }.")
  const first = ['format', 'name', 'allow', 'url', 'events'] as const
  const { format, secret, tenant, allow, events, name, url } = runChecks(options, checks, { refuse, first })
  const endpoint = { name, url, addressGuard: allow, types: events }
  return format === 'smile'
    ? { ...endpoint, toBody: event => toSmile(event, tenant), sign: (_, body) => signSmile(secret, body) }
    : { ...endpoint, toBody: toStandard, sign: (id, body) => signStandard(secret, id, body) }
}

function checkUrl(text: unknown, { isAllowed, isOpen }: AddressGuard): URL {
  const url = typeof text === 'string' && URL.canParse(text) ? new URL(text) : null
  if (!url || !/^https?:$/.test(url.protocol))
    return refuse(`\`url\` must be an absolute https address, such as https://example.com/hooks.${unsetHint(text)}`)
  if (url.username || url.password)
    refuse('`url` has a user or password in it: leave them out, the signature tells the receiver who sends.')
  const host = bare(url.hostname)
  if (url.protocol === 'http:' && !isAllowed(host))
    refuse(`\`url\` is plain http: make it https, or add ${JSON.stringify(host)} to \`allow\` (for development and tests).`)
  if (isIP(host) !== 0 && !isOpen(host, host))
    refuse(`\`url\` leads to ${host}, which is no public address: add it to \`allow\` if that is meant.`)
  return url
}

const bare = (hostname: string) => hostname.replace(/^\[|\]$/g, '')

function checkAllow(allow: readonly string[]): AddressGuard {
  if (!Array.isArray(allow)) refuse("`allow` must be a list, such as ['127.0.0.1', 'hooks.internal', '10.0.0.0/8'].")
  const entries = allow.map(entry => toRange(entry) ?? { host: toHost(entry) })
  const hosts = entries.flatMap(entry => ('host' in entry ? [entry.host] : []))
  return createAddressGuard(
    new Set(hosts),
    entries.flatMap(entry => ('range' in entry ? [entry.range] : [])),
  )
}

/** The range `10.0.0.0/8`, or a single address in any spelling as a range of one. Null for anything else. */
function toRange(entry: unknown): { readonly range: string } | null {
  if (typeof entry !== 'string') return null
  const [, address = '', prefix = ''] = /^([\d.]+|[\da-f:.]+)\/(\d{1,3})$/i.exec(entry) ?? []
  if (isIP(address) !== 0 && Number(prefix) <= bits(address)) return { range: `${address}/${prefix}` }
  const only = isIP(entry) === 6 ? entry : bare(hostOf(entry))
  return isIP(only) === 0 || only.includes('%') ? null : { range: `${only}/${bits(only)}` }
}

const bits = (address: string) => (isIP(address) === 4 ? 32 : 128)

const toHost = (entry: unknown): string =>
  (typeof entry === 'string' && hostOf(entry)) ||
  refuse(
    `\`allow\` has ${JSON.stringify(entry)}, which is neither a host such as hooks.internal nor a range such as 10.0.0.0/8.`,
  )

/** The host as a URL writes it. Empty unless the text is a host and nothing else. */
function hostOf(text: string): string {
  const isHost = /^(?:\[[\da-f:.]+\]|[^\s/\\:?#@[\]*]+)$/i.test(text) && URL.canParse(`http://${text}/`)
  return isHost ? new URL(`http://${text}/`).hostname : ''
}

function checkEvents(
  events: readonly InviteEventType[] | undefined,
  format: 'standard' | 'smile' = 'standard',
): ReadonlySet<InviteEventType> {
  const all = Object.keys(known)
    .filter(isKnown)
    .filter(type => format === 'standard' || known[type] !== null)
  if (events === undefined) return new Set(all)
  if (!Array.isArray(events) || events.length === 0) refuse('`events` must be a list of event types; leave it out to send all.')
  const unknown = events.find(type => !all.includes(type))
  if (unknown !== undefined)
    refuse(`\`events\` has ${JSON.stringify(unknown)}, which the ${format} format does not send; it sends ${all.join(', ')}.`)
  return new Set(events)
}
