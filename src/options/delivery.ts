// The way out, as options: the relay's amounts, and a transport for each channel.

import type { RelayOptions } from '../api/options.ts'
import type { Transport } from '../ports/transport.ts'
import { isRecord } from '../validation/validators.ts'
import { stop, timer, whole } from './numbers.ts'
import { checkFunction, has } from './plugins.ts'

/** Options after checking: times in milliseconds. */
export interface RelaySettings {
  readonly inline: boolean | 'await'
  readonly lease: number
  readonly poll: number
  readonly batch: number
  readonly maxAttempts: number
  readonly waitUntil: ((delivery: Promise<unknown>) => void) | undefined
}

const names = ['inline', 'lease', 'poll', 'batch', 'maxAttempts', 'waitUntil'] satisfies (keyof RelayOptions)[]

export function checkRelay(relay: RelayOptions = {}): RelaySettings {
  if (!isRecord(relay)) stop(`\`relay\` must be an object with any of ${names.join(', ')}.`)
  const unknown = Object.keys(relay).find(key => !names.some(name => name === key))
  if (unknown !== undefined) stop(`there is no relay option \`${unknown}\`; in \`relay\` are ${names.join(', ')}.`)
  const { inline = true } = relay
  if (typeof inline !== 'boolean' && inline !== 'await') stop("`relay.inline` is true, false or 'await'.")
  return {
    inline,
    lease: timer('relay.lease', relay.lease ?? '30s'),
    poll: timer('relay.poll', relay.poll ?? '5s'),
    batch: whole('relay.batch', relay.batch ?? 50, 1),
    maxAttempts: whole('relay.maxAttempts', relay.maxAttempts ?? 10, 1),
    waitUntil: checkFunction('relay.waitUntil', relay.waitUntil),
  }
}

export function checkTransports(given: Readonly<Record<string, Transport>> = {}): ReadonlyMap<string, Transport> {
  if (!isRecord(given) || has(given, 'send')) stop('`transports` are by channel: { email: smtpTransport(…) }.')
  const transports = new Map(Object.entries(given))
  if (transports.has('on')) stop('no transport can be named `on`: that is what listeners are called in the outbox.')
  for (const [channel, transport] of transports) checkTransport(channel, transport)
  return transports
}

function checkTransport(channel: string, transport: Transport): void {
  const name = `transports.${channel}`
  if (!has(transport, 'send')) stop(`\`${name}\` has no \`send\` function.`)
  const { reach, maxInFlight = 5, perSecond = 1 } = transport
  if (reach !== undefined && reach !== 'email' && reach !== 'phone') stop(`\`${name}.reach\` is 'email' or 'phone'.`)
  if (reach === undefined && /mail/i.test(channel) && channel !== 'email')
    stop(`\`${name}\` writes to phone numbers unless you say \`reach: 'email'\`, or name it \`email\`.`)
  checkFunction(`${name}.receive`, transport.receive)
  whole(`${name}.maxInFlight`, maxInFlight, 1)
  if (typeof perSecond !== 'number' || !(perSecond > 0))
    stop(`\`${name}.perSecond\` must be more than 0; leave it out for no limit.`)
}
