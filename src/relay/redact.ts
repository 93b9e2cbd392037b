// A host's transport or render may quote the message in what it throws: its secrets are taken out before anybody sees it.
import { codeOf, tokenOf } from '../domain/token.ts'
import { headersOf } from '../mail/headers.ts'
import { keyOf } from '../options/keys.ts'
import type { Settings } from '../options/settings.ts'
import type { Checked } from '../ports/storage/outbox.ts'

/** The error without the token, the code and the signature of the unsubscribe link. Its class, code and causes stay. */
export function redact<Tx>(settings: Settings<Tx>, checked: Checked, error: unknown): unknown {
  try {
    return hidden(error, secretsOf(settings, checked))
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

/** Whatever the error carries: a request, and what points back to it. Each object is looked into once. */
function hidden(fault: unknown, secrets: readonly string[]): unknown {
  const done = new Map<object, unknown>()

  function clean(value: unknown): unknown {
    if (typeof value === 'string') return secrets.reduce((text, secret) => text.replaceAll(secret, '[hidden]'), value)
    if (typeof value !== 'object' || value === null) return value
    if (done.has(value)) return done.get(value)
    if (value instanceof Error) return cleanError(value)
    // A copy: it may be the host's own queue that the error points to. What is of a class is left alone.
    const copy = Array.isArray(value) ? [] : Object.getPrototypeOf(value) === Object.prototype ? {} : value
    done.set(value, copy)
    if (copy !== value) for (const [name, part] of Object.entries(value)) Reflect.set(copy, name, clean(part))
    return copy
  }

  /** The same error, or another in its place where it cannot be changed. */
  function cleanError(error: Error): Error {
    done.set(error, error)
    const names = ['message', 'stack', 'cause', 'errors', ...Object.keys(error)] as (keyof Error)[]
    const parts = names.filter(name => name in error).map(name => [name, error[name], clean(error[name])] as const)
    const isClean = parts.every(([name, before, after]) => before === after || Reflect.set(error, name, after))
    return isClean ? error : Object.assign(new Error(), Object.fromEntries(parts.map(([name, , after]) => [name, after])))
  }

  return clean(fault)
}
