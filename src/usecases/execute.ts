// Runs one command of a call through the write path, and derives the idempotency key of a call.

import { fail, InviteError } from '../api/error.ts'
import type { CommitRequest, Decided } from '../commit/decide-batch.ts'
import type { Services } from '../commit/services.ts'
import type { Command } from '../domain/command.ts'
import type { InviteRecord } from '../domain/invite.ts'
import { commands } from '../domain/lifecycle.ts'
import { addressHashOf } from '../domain/token.ts'
import type { Caller } from '../input/caller.ts'
import { unlimited } from '../options/numbers.ts'
import type { Invite } from '../ports/invite.ts'
import { checked, isRecord, text } from '../validation/validators.ts'
import { withQueuedDeliveries } from '../views/invite.ts'
import { markReplayed } from '../views/replayed.ts'

export interface CallResult {
  readonly answer: Extract<Decided['decision'], { ok: true }>['answer']
  readonly invite: InviteRecord | null
  readonly view: Invite | null
  readonly replayed: boolean
}

/** A call that may be repeated under an idempotency key. */
interface RepeatableCall {
  readonly name: string
  readonly key: string | undefined
  readonly input: unknown
}

/** Throws the rejection of the command. */
export async function execute<Tx>(
  services: Services<Tx>,
  caller: Caller<Tx>,
  command: Command,
  call: RepeatableCall | null = null,
): Promise<CallResult> {
  const { organizationId, tx } = caller
  const limits = commands[command.type].limited ? await services.settings.limitsOf(organizationId) : unlimited
  const idempotency = call === null ? undefined : idempotencyFrom(services, caller, call)
  const { results, now, queued, replayed } = await services.transact({
    organizationId,
    commands: [command],
    limits,
    tx,
    idempotency,
  })
  const [result] = results
  if (result === undefined) throw fail('unavailable', {})
  const { decision, invite } = result
  if (!decision.ok) throw new InviteError(decision.rejection)
  return { answer: decision.answer, invite, view: invite && withQueuedDeliveries(invite, now, queued), replayed }
}

/** The result of a call that returns the invite alone. */
export const inviteResult = ({ view, replayed }: CallResult) => markReplayed({ invite: view }, replayed)

const keyText = text(255)

/** The key as it is stored: hashed together with the organization, the actor and the name of the call. */
export function idempotencyFrom<Tx>(
  { settings }: Services<Tx>,
  { organizationId, actor }: Omit<Caller<Tx>, 'tx'>,
  call: RepeatableCall,
): CommitRequest['idempotency'] {
  if (call.key === undefined) return undefined
  const key = checked(keyText, call.key, 'idempotencyKey')
  const who = actor === 'system' ? actor : `user ${actor.userId}`
  const digest = (value: unknown) => addressHashOf(settings.keys[0], JSON.stringify(value) ?? '')
  return { key: digest([organizationId, who, call.name, key]), input: digest(sorted(call.input)) }
}

/** Deeper than any valid input. */
const maxDepth = 30

/** The input with its keys in order, so that the same input has one digest. A bulk may have items that are not JSON. */
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
