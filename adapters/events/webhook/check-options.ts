// The options of webhookSink, checked when it is made: what is wrong is said with the way to mend it, and no secret.
import { isIP } from 'node:net'
import type { InviteEvent, InviteEventType } from '../../../src/core.ts'
import { type AddressGuard, createAddressGuard } from './address-guard.ts'
import { type Headers, isKnown, known, signSmile, signStandard, toSmile, toStandard } from './format.ts'
import type { WebhookOptions } from './options.ts'
import { checkSecrets, unset } from './secret.ts'

/** Options after checking. */
export interface Endpoint {
  readonly name: string
  readonly url: URL
  readonly addressGuard: AddressGuard
  readonly types: ReadonlySet<InviteEventType>
  readonly toBody: (event: InviteEvent) => object
  readonly sign: (id: string, body: Buffer) => Headers
}

const stop = (sentence: string): never => {
  throw new TypeError(`webhookSink: ${sentence}`)
}

const names = ['url', 'secret', 'events', 'format', 'allow', 'name', 'tenant'] satisfies (keyof WebhookOptions)[]

export function checkEndpoint(options: WebhookOptions): Endpoint {
  if (typeof options !== 'object' || options === null)
    stop("takes an object, such as { url: 'https://example.com/hooks', secret: process.env.WEBHOOK_SECRET }.")
  const { format = 'standard', name = 'webhook', tenant } = options
  const unknown = Object.keys(options).find(key => !names.some(one => one === key))
  if (unknown !== undefined) stop(`there is no option \`${unknown}\`; the options are ${names.join(', ')}.`)
  if (format !== 'standard' && format !== 'smile') stop("`format` must be 'standard' or 'smile'.")
  if (typeof name !== 'string' || name === '') stop("`name` must be a text such as 'billing', or left out.")
  const reach = checkAllow(options.allow ?? [])
  const url = checkUrl(options.url, reach)
  const types = checkEvents(options.events, format)
  const secrets = checkSecrets(options.secret, format)
  return format === 'smile'
    ? {
        name,
        url,
        addressGuard: reach,
        types,
        toBody: event => toSmile(event, tenant),
        sign: (_, body) => signSmile(secrets, body),
      }
    : { name, url, addressGuard: reach, types, toBody: toStandard, sign: (id, body) => signStandard(secrets, id, body) }
}

function checkUrl(text: unknown, { isAllowed, isOpen }: AddressGuard): URL {
  const url = typeof text === 'string' && URL.canParse(text) ? new URL(text) : null
  if (!url || !/^https?:$/.test(url.protocol))
    return stop(`\`url\` must be an absolute https address, such as https://example.com/hooks.${unset(text)}`)
  if (url.username || url.password)
    stop('`url` has a user or password in it: leave them out, the signature tells the receiver who sends.')
  const host = bare(url.hostname)
  if (url.protocol === 'http:' && !isAllowed(host))
    stop(`\`url\` is plain http: make it https, or add ${JSON.stringify(host)} to \`allow\` (for development and tests).`)
  if (isIP(host) !== 0 && !isOpen(host, host))
    stop(`\`url\` leads to ${host}, which is no public address: add it to \`allow\` if that is meant.`)
  return url
}

const bare = (hostname: string) => hostname.replace(/^\[|\]$/g, '')

function checkAllow(allow: readonly string[]): AddressGuard {
  if (!Array.isArray(allow)) stop("`allow` must be a list, such as ['127.0.0.1', 'hooks.internal', '10.0.0.0/8'].")
  const entries = allow.map(entry => toRange(entry) ?? { host: toHost(entry) })
  const hosts = entries.flatMap(entry => ('host' in entry ? [entry.host] : []))
  return createAddressGuard(
    new Set(hosts),
    entries.flatMap(entry => ('range' in entry ? [entry.range] : [])),
  )
}

/** `10.0.0.0/8`, or one address as a range of itself, however it is spelled. */
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
  stop(`\`allow\` has ${JSON.stringify(entry)}, which is neither a host such as hooks.internal nor a range such as 10.0.0.0/8.`)

/** As a URL writes it; empty for a text that is more or less than a host. */
function hostOf(text: string): string {
  const isHost = /^(?:\[[\da-f:.]+\]|[^\s/\\:?#@[\]*]+)$/i.test(text) && URL.canParse(`http://${text}/`)
  return isHost ? new URL(`http://${text}/`).hostname : ''
}

function checkEvents(
  events: readonly InviteEventType[] | undefined,
  format: 'standard' | 'smile',
): ReadonlySet<InviteEventType> {
  const all = Object.keys(known)
    .filter(isKnown)
    .filter(type => format === 'standard' || known[type] !== null)
  if (events === undefined) return new Set(all)
  if (!Array.isArray(events) || events.length === 0) stop('`events` must be a list of event types; leave it out to send all.')
  const unknown = events.find(type => !all.includes(type))
  if (unknown !== undefined)
    stop(`\`events\` has ${JSON.stringify(unknown)}, which the ${format} format does not send; it sends ${all.join(', ')}.`)
  return new Set(events)
}
