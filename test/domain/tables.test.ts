// The tables of the domain, typed by hand: the columns of every command, and the types of events.
import { expect, test } from 'vitest'
import { inviteEventTypes } from '../../src/domain/event.ts'
import { commands } from '../../src/domain/lifecycle.ts'

// biome-ignore format: a table is read by its columns
const columns: Record<string, [managed: boolean, limited: boolean, speculative: boolean | 'withSnapshot']> = {
  //                managed limited speculative
  create:           [true,  true,  true],
  accept:           [false, true,  'withSnapshot'],
  decline:          [false, false, 'withSnapshot'],
  open:             [false, false, 'withSnapshot'],
  renew:            [false, true,  'withSnapshot'],
  resend:           [true,  true,  false],
  revoke:           [true,  false, false],
  update:           [true,  false, false],
  erase:            [true,  false, false],
  expire:           [false, true,  false],
  remind:           [false, true,  false],
  'member.add':     [false, true,  false],
  'member.setRole': [false, true,  false],
  'member.remove':  [false, false, false],
  'member.forget':  [false, false, false],
}

test('every command says who gives it, whether limits count, and whether it may be decided without a read', () => {
  const told = Object.entries(commands).map(([type, row]) => [type, [row.managed, row.limited, row.speculative]])
  expect(Object.fromEntries(told)).toEqual(columns)
})

test('an event of the history has one of these types', () => {
  expect(inviteEventTypes).toEqual([
    'invite.created',
    'invite.sent',
    'invite.delivery_failed',
    'invite.resent',
    'invite.updated',
    'invite.opened',
    'invite.accepted',
    'invite.declined',
    'invite.revoked',
    'invite.expired',
    'invite.renewal_requested',
    'invite.erased',
  ])
})
