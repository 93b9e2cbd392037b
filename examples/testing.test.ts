// How your own tests use invitekit: nothing leaves the process, the clock is yours, and a mail is there when a call returns.
import { createTestInvites } from 'invitekit/testing'
import { expect, test } from 'vitest'

const grace = { recipient: { email: 'grace@example.com' }, role: 'member' } as const

test('who follows the link in the mail becomes a member', async () => {
  const { invites, mailbox, actor } = await createTestInvites()
  await invites.create(grace, { actor: actor.admin })

  const { subject, token } = mailbox.last('grace@example.com')
  const { member } = await invites.accept({ token }, { actor: actor.user('grace@example.com', 'grace') })

  expect(subject).toContain('invited')
  expect(member).toEqual({ userId: 'grace', role: 'member' })
})

test('a link that nobody used is dead after a week', async () => {
  const { invites, clock, mailbox, actor } = await createTestInvites({ expiresIn: '7d' })
  await invites.create(grace, { actor: actor.admin })

  clock.advance('8d')

  const late = invites.accept({ token: mailbox.last().token }, { actor: actor.user('grace@example.com') })
  await expect(late).rejects.toMatchObject({ code: 'invite_expired' })
})

test('the plan has two seats', async () => {
  const { invites, mailbox, actor } = await createTestInvites({ limits: { seats: 2 } })
  await invites.members.add({ userId: 'ada', role: 'owner' }, { actor: 'system', organizationId: 'acme' })
  const join = async (email: string) => {
    await invites.create({ recipient: { email }, role: 'member' }, { actor: actor.owner })
    return invites.accept({ token: mailbox.last(email).token }, { actor: actor.user(email) })
  }

  await join('grace@example.com')

  await expect(join('alan@example.com')).rejects.toMatchObject({ code: 'seat_limit_reached' })
})

test('your roles are types: what nobody may grant does not compile', async () => {
  const { invites, actor } = await createTestInvites({ roles: { doctor: { grants: ['nurse'] }, nurse: {} } })

  await invites.create({ recipient: { email: 'flo@example.com' }, role: 'nurse' }, { actor: actor.doctor })
  // @ts-expect-error there is no such role
  const wrong = invites.create({ recipient: { email: 'flo@example.com' }, role: 'janitor' }, { actor: actor.doctor })

  await expect(wrong).rejects.toMatchObject({ code: 'role_unknown' })
})
