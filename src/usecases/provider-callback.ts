// Provider callbacks (webhooks): the transport verifies and parses them, and what they report is applied here.

import { invalid, isInviteError } from '../api/error.ts'
import type { CallbackAnswer } from '../api/operations.ts'
import type { Services } from '../commit/services.ts'
import { parsePhone } from '../domain/address.ts'
import { addressHashOf } from '../domain/token.ts'
import { addressHashesOf } from '../options/keys.ts'
import { nowOf } from '../options/settings.ts'
import type { Callback, Choice } from '../ports/transport.ts'
import { hasFunctions } from '../validation/known-options.ts'
import { isRecord } from '../validation/validators.ts'
import { report } from './delivery-report.ts'

type Given = Callback & { readonly transport: string }

export async function receive<Tx>(services: Services<Tx>, given: Given): Promise<CallbackAnswer> {
  if (!isGiven(given)) {
    const detail = 'must have `transport`, and of the request `url`, `method`, `headers` (with a `get`) and `body` (bytes)'
    throw invalid([{ path: '', detail }])
  }
  const { transport: channel, ...callback } = given
  const transport = services.settings.transports.get(channel)
  if (!transport?.receive) return 'unknown'
  const received = await transport.receive(callback)
  if (received === null) return 'refused'
  for (const each of received.reports) await report(services, each, channel).catch(error => asTransportError(channel, error))
  for (const choice of received.choices ?? []) await applyChoice(services, choice)
  return 'taken'
}

const isGiven = (given: unknown): given is Given =>
  isRecord(given) &&
  ['transport', 'url', 'method'].every(name => typeof given[name] === 'string') &&
  hasFunctions(given['headers'], 'get') &&
  ArrayBuffer.isView(given['body'])

/** An invalid report is a bug of the transport, not a bad request of the provider's. */
function asTransportError(channel: string, error: unknown): never {
  if (!isInviteError(error) || error.code !== 'invalid_input') throw error
  const fault = `invitekit: \`transports.${channel}.receive\` answered what is no report: ${error.message}`
  throw new TypeError(fault, { cause: error })
}

/** Applies an opt-out or opt-in by phone in every organization that invites this number, as they share one sender. */
async function applyChoice<Tx>(services: Services<Tx>, { phone, wants }: Choice): Promise<void> {
  const { settings } = services
  const { lists, suppressions } = settings.storage
  const parsed = parsePhone(phone, await services.phoneParser(), undefined)
  // A short code or an alphanumeric sender is nobody that gets our messages.
  if (!parsed.ok) return
  const { key } = parsed.value
  const organizations = new Set((await lists.addressed({ phone: key })).map(found => found.organizationId))
  const current = addressHashOf(settings.keys[0], key)
  const at = nowOf(settings)
  for (const organizationId of organizations) {
    if (wants) await suppressions.remove({ organizationId, addressHashes: addressHashesOf(settings, key) })
    else await suppressions.add({ organizationId, addressHashes: [current] }, at)
  }
}
