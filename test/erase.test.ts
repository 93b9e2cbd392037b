// Erasing by address reaches the built-in member table, too.
import { createTestInvites } from 'invitekit/testing'
import { expect, test } from 'vitest'

test('a member whose address is erased stays a member, without the address', async () => {
  const { invites, actor, mailbox } = await createTestInvites()
  await invites.create({ recipient: { email: 'ada@example.com' }, role: 'member' }, { actor: actor.admin })
  await invites.accept({ token: mailbox.last().token }, { actor: actor.user('ada@example.com', 'ada') })
  expect(await invites.erase({ email: 'Ada@example.com' }, { actor: 'system' })).toEqual({ erased: 1 })
  expect((await invites.members.list({}, { actor: actor.admin })).data).toEqual([
    { userId: 'ada', role: 'member', email: null },
  ])
})
