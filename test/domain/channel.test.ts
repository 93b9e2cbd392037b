// The address of an invite that a channel writes to.
import { expect, test } from 'vitest'
import { addressAt } from '../../src/domain/channel.ts'
import { nobody } from '../../src/domain/invite.ts'
import * as g from './given.ts'

const both = g.invite({ recipient: g.to({ email: 'Ada@Example.com', phone: '+15550100' }) })

test.each([
  ['email', 'ada@example.com', both],
  ['phone', '+15550100', both],
  [undefined, '+15550100', both],
  ['email', null, g.invite({ recipient: g.to({ phone: '+15550100' }) })],
  ['phone', null, g.invite({ recipient: g.to({ email: 'ada@example.com' }) })],
  ['email', null, g.invite({ recipient: nobody })],
  ['email', null, g.openInvite()],
  ['phone', null, g.openInvite()],
] as const)('a channel that reaches %s writes to %s', (kind, address, invite) => {
  expect(addressAt(invite, kind)).toBe(address)
})
