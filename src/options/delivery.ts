// The options of delivery: the settings of the relay, and a transport for each channel.

import type { RelayOptions } from '../api/options.ts'
import type { Transport } from '../ports/transport.ts'
import { type CheckedOptions, hasFunctions, type OptionChecks, runChecks } from '../validation/known-options.ts'
import { isRecord } from '../validation/validators.ts'
import { refuse, timerMs, wholeNumber } from './numbers.ts'
import { checkFunction } from './plugins.ts'

const relayChecks = {
  inline: (inline = true) =>
    typeof inline === 'boolean' || inline === 'await' ? inline : refuse("`relay.inline` is true, false or 'await'."),
  /** In milliseconds. */
  lease: lease => timerMs('relay.lease', lease ?? '30s'),
  /** In milliseconds. */
  poll: poll => timerMs('relay.poll', poll ?? '5s'),
  batch: batch => wholeNumber('relay.batch', batch ?? 50, 1),
  maxAttempts: attempts => wholeNumber('relay.maxAttempts', attempts ?? 10, 1),
  waitUntil: waitUntil => checkFunction('relay.waitUntil', waitUntil),
} satisfies OptionChecks<RelayOptions>

/** The options of the relay after checking. */
export interface RelaySettings extends CheckedOptions<typeof relayChecks> {}

export function checkRelay(relay: RelayOptions = {}): RelaySettings {
  if (!isRecord(relay)) refuse(`\`relay\` must be an object with any of ${Object.keys(relayChecks).join(', ')}.`)
  const unknown = (name: string) => `there is no relay option \`${name}\`; in \`relay\` are`
  return runChecks(relay, relayChecks, { refuse, unknown })
}

export function checkTransports(given: Readonly<Record<string, Transport>> = {}): ReadonlyMap<string, Transport> {
  if (!isRecord(given) || hasFunctions(given, 'send')) refuse('`transports` are by channel: { email: smtpTransport(…) }.')
  const transports = new Map(Object.entries<Transport>(given))
  if (transports.has('on')) refuse('no transport can be named `on`: that is what listeners are called in the outbox.')
  for (const [channel, transport] of transports) checkTransport(channel, transport)
  return transports
}

/** A transport may be a class of the host's, with fields of its own, so names that are unknown here are not refused. */
function checkTransport(channel: string, transport: Transport): void {
  const name = `transports.${channel}`
  if (!hasFunctions(transport, 'send')) refuse(`\`${name}\` has no \`send\` function.`)
  const { reach, maxInFlight = 5, perSecond = 1 } = transport
  if (reach !== undefined && reach !== 'email' && reach !== 'phone') refuse(`\`${name}.reach\` is 'email' or 'phone'.`)
  if (reach === undefined && /mail/i.test(channel) && channel !== 'email')
    refuse(`\`${name}\` writes to phone numbers unless you say \`reach: 'email'\`, or name it \`email\`.`)
  checkFunction(`${name}.receive`, transport.receive)
  wholeNumber(`${name}.maxInFlight`, maxInFlight, 1)
  if (typeof perSecond !== 'number' || !(perSecond > 0))
    refuse(`\`${name}.perSecond\` must be more than 0; leave it out for no limit.`)
}
