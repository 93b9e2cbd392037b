// Tables that the compiler checks: an entry that is left out of one of them must not compile. Checked by tsc.
import { known } from '../../adapters/events/webhook/format.ts'
import type { CreateInput, ListInput } from '../../src/api/inputs.ts'
import type { Command, Create } from '../../src/domain/command.ts'
import type { InviteEvent, InviteEventType } from '../../src/domain/event.ts'
import type { InviteRecord } from '../../src/domain/invite.ts'
import { type CommandTable, commands, verdictOf } from '../../src/domain/lifecycle.ts'
import { personalData } from '../../src/domain/personal-data.ts'
import type { EventRow } from '../../src/ports/storage/rows.ts'
import type { Shape } from '../../src/validation/validators.ts'

/** `true` for two types that are the same; otherwise nothing fits. */
type Same<A, B> = [A] extends [B] ? ([B] extends [A] ? true : never) : never

export function everyCommandIsInTheTable(): CommandTable[] {
  const { remind, ...others } = commands
  const { limited, ...row } = commands.accept
  // @ts-expect-error a command is missing
  const withoutCommand: CommandTable = others
  // @ts-expect-error a column is missing
  const withoutColumn: CommandTable = { ...commands, accept: row }
  // @ts-expect-error there is no such command
  const unknownCommand: CommandTable = { ...commands, transfer: remind }
  const complete: Same<keyof typeof commands, Command['type']> = true
  void [complete, limited]
  // @ts-expect-error a create meets no existing invite
  verdictOf('create', 'pending')
  return [withoutCommand, withoutColumn, unknownCommand]
}

export function everyTypeOfEventIsKnown(): unknown[] {
  const listed: Same<Exclude<InviteEventType, 'invite.sent' | 'invite.delivery_failed'>, InviteEvent['type']> = true
  const onTheWire: Same<keyof typeof known, InviteEventType> = true
  const inHistory: Same<EventRow['type'], InviteEventType> = true
  // @ts-expect-error there is no such event
  known['invite.transferred']
  const { 'invite.erased': _, ...others } = known
  // @ts-expect-error a type of event is missing
  const withoutOne: typeof known = others
  return [listed, onTheWire, inHistory, withoutOne]
}

type FieldOf<T> = T extends unknown ? keyof T : never

export function everyFieldSaysWhetherItIsPersonal(): unknown[] {
  const complete: Same<keyof typeof personalData, FieldOf<InviteRecord>> = true
  const { externalId, ...others } = personalData
  // @ts-expect-error a field is missing
  const withoutOne: typeof personalData = others
  // @ts-expect-error an erased field keeps its type
  const wrongValue: typeof personalData = { ...personalData, metadata: externalId }
  return [complete, withoutOne, wrongValue]
}

export function theTermsOfAnInviteAreComplete(terms: Create['terms']): unknown[] {
  const { linkPattern, ...others } = terms
  // @ts-expect-error a term is missing
  const withoutOne: Create['terms'] = others
  return [linkPattern, withoutOne]
}

export function aShapeHasTheFieldsOfItsInput(create: Shape<CreateInput>, list: Shape<ListInput>): unknown[] {
  const { externalId, ...others } = create
  // @ts-expect-error a field has no check
  const withoutOne: Shape<CreateInput> = others
  // @ts-expect-error the input has no such field
  const unknownField: Shape<ListInput> = { ...list, externalIds: externalId }
  return [withoutOne, unknownField]
}
