// Idempotency keys, and the input that came with them, as they are kept.

import type { Kit } from '../commit/services.ts'
import { markOf } from '../domain/token.ts'
import type { Place } from '../input/caller.ts'
import { checked, isRecord, text } from '../validation/validators.ts'

const keyText = text(255)

/** The idempotency key as it is kept: bound to organization and caller, and unreadable. */
export function keepOf<Tx>(
  { settings }: Kit<Tx>,
  { organizationId, doer }: Omit<Place<Tx>, 'tx'>,
  call: { readonly name: string; readonly key: string | undefined; readonly input: unknown },
): { readonly key: string; readonly input: string } | undefined {
  if (call.key === undefined) return undefined
  const key = checked(keyText, call.key, 'idempotencyKey')
  const who = doer === 'system' ? doer : `user ${doer.userId}`
  const digest = (value: unknown) => markOf(settings.keys[0], JSON.stringify(value) ?? '')
  return { key: digest([organizationId, who, call.name, key]), input: digest(sorted(call.input)) }
}

/** Deeper than any input that is valid. */
const deepest = 30

/** The same input in one spelling, whatever the order of its keys. In a bulk, items that are no JSON come along. */
function sorted(value: unknown, above: readonly unknown[] = []): unknown {
  if (typeof value === 'bigint') return `${value}n`
  if (above.length > deepest || above.includes(value)) return null
  if (Array.isArray(value)) return value.map(item => sorted(item, [...above, value]))
  if (!isRecord(value) || value instanceof Date) return value
  return Object.fromEntries(
    Object.keys(value)
      .sort()
      .map(key => [key, sorted(value[key], [...above, value])]),
  )
}
