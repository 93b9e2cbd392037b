// The rules in force for one call, from the settings and the limits of its organization.
import type { Rules } from '../domain/decide/decision.ts'
import type { CheckedLimits } from '../domain/limits.ts'
import { addressHashOf, codeHashOf, codeOf } from '../domain/token.ts'
import { keyOf } from '../options/keys.ts'
import type { Settings } from '../options/settings.ts'

export function rulesOf<Tx>(settings: Settings<Tx>, limits: CheckedLimits): Rules {
  const [signing] = settings.keys
  return {
    roles: settings.roles,
    limits,
    acceptance: settings.acceptance,
    addressKinds: settings.addressKinds,
    keyId: signing.id,
    knowsKey: keyId => keyOf(settings, keyId) !== null,
    codeHashOf: (id, generation) => codeHashOf(signing, codeOf(signing, id, generation)),
    addressHashOf: address => addressHashOf(signing, address),
    reminders: settings.reminders,
    noticeChannel: settings.expiryNotices === null ? null : 'email',
  }
}
