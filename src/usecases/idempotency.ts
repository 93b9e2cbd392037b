// Idempotency keys, and the input that came with them, as they are kept.

import type { Services } from '../commit/services.ts'
import { addressHashOf } from '../domain/token.ts'
import type { Caller } from '../input/caller.ts'
import { checked, isRecord, text } from '../validation/validators.ts'

const keyText = text(255)

/** The idempotency key as it is kept: bound to organization and caller, and unreadable. */
export function idempotencyFrom<Tx>(
  { settings }: Services<Tx>,
  { organizationId, actor }: Omit<Caller<Tx>, 'tx'>,
  call: { readonly name: string; readonly key: string | undefined; readonly input: unknown },
): { readonly key: string; readonly input: string } | undefined {
  if (call.key === undefined) return undefined
  const key = checked(keyText, call.key, 'idempotencyKey')
  const who = actor === 'system' ? actor : `user ${actor.userId}`
  const digest = (value: unknown) => addressHashOf(settings.keys[0], JSON.stringify(value) ?? '')
  return { key: digest([organizationId, who, call.name, key]), input: digest(sorted(call.input)) }
}

/** Deeper than any input that is valid. */
const maxDepth = 30

/** The same input in one spelling, whatever the order of its keys. In a bulk, items that are no JSON come along. */
function sorted(value: unknown, above: readonly unknown[] = []): unknown {
  if (typeof value === 'bigint') return `${value}n`
  if (above.length > maxDepth || above.includes(value)) return null
  if (Array.isArray(value)) return value.map(item => sorted(item, [...above, value]))
  if (!isRecord(value) || value instanceof Date) return value
  return Object.fromEntries(
    Object.keys(value)
      .sort()
      .map(key => [key, sorted(value[key], [...above, value])]),
  )
}
