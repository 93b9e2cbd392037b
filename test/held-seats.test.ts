// pendingHoldsSeat: the seat of an invite is its invitee's, whatever else asks for it.

import { createTestInvites } from 'invitekit/testing'
import { expect, test } from 'vitest'

const role = 'member'
const code = (error: unknown) => (error as { code: string }).code
const given = () => createTestInvites({ limits: { seats: 3, pendingHoldsSeat: true } })

test('a member added by hand takes no seat that an invite holds', async () => {
  const { invites, actor, mailbox } = await given()
  const system = { actor: 'system', organizationId: 'acme' } as const
  await invites.create({ recipient: { email: 'ada@example.com' }, role }, { actor: actor.admin })
  await invites.members.add({ userId: 'm1', role }, system)
  await invites.members.add({ userId: 'm2', role }, system)
  expect(await invites.members.add({ userId: 'm3', role }, system).catch(code)).toBe('seat_limit_reached')
  const { member } = await invites.accept({ token: mailbox.last().token }, { actor: actor.user('ada@example.com') })
  expect(member?.role).toBe(role)
})

test('an open link takes no seat that an invite holds, and its last use takes its own', async () => {
  const { invites, actor, mailbox } = await given()
  const open = await invites.create({ kind: 'open', role, maxUses: 2 }, { actor: actor.admin })
  const token = open.link.split('/').at(-1) ?? ''
  await invites.create({ recipient: { email: 'ada@example.com' }, role }, { actor: actor.admin })
  await invites.accept({ token }, { actor: actor.user('eve@example.com') })
  await invites.accept({ token: mailbox.last('ada@example.com').token }, { actor: actor.user('ada@example.com') })
  const last = await invites.accept({ token }, { actor: actor.user('bob@example.com') })
  expect(last.invite.status).toBe('accepted')
})
