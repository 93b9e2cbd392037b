// Redacts errors: a host's transport or `render` may quote the message in what it throws, with the token and the code in it.
import { codeOf, tokenOf } from '../domain/token.ts'
import { headersOf } from '../mail/headers.ts'
import { keyOf } from '../options/keys.ts'
import type { Settings } from '../options/settings.ts'
import type { Checked } from '../ports/storage/outbox.ts'

/** The error without the token, the code and the signature of the unsubscribe link. Its class, code and causes stay. */
export function redact<Tx>(settings: Settings<Tx>, checked: Checked, error: unknown): unknown {
  try {
    return withoutSecrets(error, secretsOf(settings, checked))
  } catch {
    return new Error('an error that cannot be read')
  }
}

function secretsOf<Tx>(settings: Settings<Tx>, { invite, message }: Checked): readonly string[] {
  const { id, generation, keyId } = invite
  const key = keyOf(settings, keyId)
  const { headers } = headersOf(settings, invite, message)
  const unsubscribe = /[\w-]{68}/.exec(headers['List-Unsubscribe'] ?? '') ?? []
  return key === null ? unsubscribe : [tokenOf(key, id, generation), codeOf(key, id, generation), ...unsubscribe]
}

/** Of the error and all that it refers to, such as a request. Objects may refer to each other: each is read once. */
function withoutSecrets(fault: unknown, secrets: readonly string[]): unknown {
  const seen = new Map<object, unknown>()

  function clean(value: unknown): unknown {
    if (typeof value === 'string') return secrets.reduce((text, secret) => text.replaceAll(secret, '[hidden]'), value)
    if (typeof value !== 'object' || value === null) return value
    if (seen.has(value)) return seen.get(value)
    if (value instanceof Error) return cleanError(value)
    // A copy, since the error may refer to an object that the host still uses. Objects of a class stay as they are.
    const copy = Array.isArray(value) ? [] : Object.getPrototypeOf(value) === Object.prototype ? {} : value
    seen.set(value, copy)
    if (copy !== value) for (const [name, part] of Object.entries(value)) Reflect.set(copy, name, clean(part))
    return copy
  }

  /** The same error, changed; or a new one where it cannot be changed. */
  function cleanError(error: Error): Error {
    seen.set(error, error)
    const names = ['message', 'stack', 'cause', 'errors', ...Object.keys(error)] as (keyof Error)[]
    const parts = names.filter(name => name in error).map(name => [name, error[name], clean(error[name])] as const)
    const isClean = parts.every(([name, before, after]) => before === after || Reflect.set(error, name, after))
    return isClean ? error : Object.assign(new Error(), Object.fromEntries(parts.map(([name, , after]) => [name, after])))
  }

  return clean(fault)
}
