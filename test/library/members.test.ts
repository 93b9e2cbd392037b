// The built-in member table: by somebody who may grant the role, or the system; and its word on inviters.
import { expect, test } from 'vitest'
import { codeOf, onEveryStorage, picture, rejection, tokenIn } from './given.ts'

onEveryStorage(given => {
  test('members are added, changed, listed and removed', async () => {
    const { invites, admin, owner, system, email } = await given()
    const { members } = invites
    const added = { userId: 'mia', role: 'member', email: email('mia') }
    expect(await members.add(added, admin)).toEqual({ member: added })
    expect(await codeOf(members.add(added, admin))).toBe('already_member')
    await members.add({ userId: 'oli', role: 'admin' }, owner)
    await members.add({ userId: 'zoe', role: 'owner' }, system)
    expect(await members.setRole({ userId: 'mia', role: 'viewer' }, admin)).toMatchObject({ member: { role: 'viewer' } })
    expect((await members.list({}, admin)).data).toMatchObject([
      { userId: 'mia', role: 'viewer', email: email('mia') },
      { userId: 'oli', role: 'admin' },
      { userId: 'zoe', role: 'owner' },
    ])
    expect(await members.get({ userId: 'mia' }, system)).toEqual({ userId: 'mia', role: 'viewer', email: email('mia') })
    expect(await members.remove({ userId: 'mia' }, admin)).toBeUndefined()
    expect([await members.get({ userId: 'mia' }, admin), await members.get({ userId: 'x' }, admin)]).toEqual([null, null])
    expect(await codeOf(members.remove({ userId: 'mia' }, admin))).toBe('ok')
    expect((await members.list({}, admin)).data.map(({ userId }) => userId)).toEqual(['oli', 'zoe'])
    expect(await codeOf(members.add({ userId: 'mia', role: 'member' }, admin))).toBe('ok')
  })

  test('the address of a member who was removed is kept nowhere, and may join again', async () => {
    const { invites, admin, email, invite, user, store } = await given({ limits: { seats: 1 } })
    await invites.members.add({ userId: 'mia', role: 'member', email: email('mia') }, admin)
    expect(await store.dump()).toContain(email('mia'))
    await invites.members.remove({ userId: 'mia' }, admin)
    expect(await store.dump()).not.toContain(email('mia'))
    const { link } = await invite('mia')
    expect(await codeOf(invites.accept({ token: tokenIn(link) }, user('mia')))).toBe('ok')
    expect(await codeOf(invite('mia'))).toBe('already_member')
    expect((await invites.members.list({}, admin)).data).toMatchObject([{ userId: 'mia', email: email('mia') }])
  })

  test('nobody gives or takes a role that they may not grant', async () => {
    const world = await given()
    const { invites, admin, owner, member, system } = world
    const { members } = invites
    await members.add({ userId: 'oli', role: 'admin' }, owner)
    await members.add({ userId: 'mia', role: 'member' }, admin)
    await members.add({ userId: 'zoe', role: 'owner' }, system)
    const before = await picture(world)
    expect(await codeOf(members.add({ userId: 'x', role: 'admin' }, admin))).toBe('role_not_grantable')
    expect(await codeOf(members.add({ userId: 'x', role: 'owner' }, owner))).toBe('role_not_grantable')
    expect(await codeOf(members.add({ userId: 'x', role: 'member' }, member))).toBe('forbidden')
    expect(await codeOf(members.setRole({ userId: 'mia', role: 'admin' }, admin))).toBe('role_not_grantable')
    expect(await codeOf(members.setRole({ userId: 'oli', role: 'member' }, admin))).toBe('role_not_grantable')
    expect(await codeOf(members.setRole({ userId: 'zoe', role: 'member' }, owner))).toBe('role_not_grantable')
    expect(await codeOf(members.remove({ userId: 'oli' }, admin))).toBe('role_not_grantable')
    expect(await codeOf(members.remove({ userId: 'mia' }, member))).toBe('forbidden')
    expect(await codeOf(members.list({}, member))).toBe('forbidden')
    expect(await codeOf(members.add({ userId: 'x', role: 'constructor' }, system))).toBe('role_unknown')
    expect(await rejection(members.setRole({ userId: 'nobody', role: 'member' }, admin))).toMatchObject({
      errors: [{ path: 'userId' }],
    })
    expect(await picture(world)).toEqual(before)
  })

  test('pages of members follow each other by user', async () => {
    const { invites, admin } = await given()
    const names = ['B', 'a', 'b', 'é', '10', '9', 'z']
    for (const userId of names) await invites.members.add({ userId, role: 'viewer' }, admin)
    const found: string[] = []
    let cursor: string | null | undefined
    do {
      const page = await invites.members.list({ limit: 2, ...(cursor && { cursor }) }, admin)
      found.push(...page.data.map(({ userId }) => userId))
      cursor = page.nextCursor
    } while (cursor)
    expect(found).toEqual(['10', '9', 'B', 'a', 'b', 'z', 'é'])
  })

  test('adding takes a seat, and a member of another organization is none here', async () => {
    const world = await given({ limits: { seats: 2 } })
    const { invites, admin, invite, user, staff } = world
    await invites.members.add({ userId: 'a', role: 'member' }, admin)
    await invites.members.add({ userId: 'b', role: 'member' }, admin)
    const full = await picture(world)
    expect(await rejection(invites.members.add({ userId: 'c', role: 'member' }, admin))).toEqual({
      code: 'seat_limit_reached',
      limit: 2,
    })
    expect(await picture(world)).toEqual(full)
    const { link } = await invite('ada')
    expect(await codeOf(invites.accept({ token: tokenIn(link) }, user('ada')))).toBe('seat_limit_reached')
    expect(await codeOf(invites.members.add({ userId: 'a', role: 'member' }, staff('admin', `${world.org}-2`)))).toBe('ok')
    await invites.members.remove({ userId: 'b' }, admin)
    expect(await codeOf(invites.accept({ token: tokenIn(link) }, user('ada')))).toBe('ok')
  })

  test('an inviter who was removed, or may no longer grant the role, cannot vouch for the invite', async () => {
    const world = await given()
    const { invites, email, owner, admin, user, staff } = world
    await invites.members.add({ userId: 'oli', role: 'admin' }, owner)
    const oli = staff('admin', world.org, 'oli')
    const { invite, link } = await invites.create({ recipient: { email: email('ada') }, role: 'member' }, oli)
    await invites.members.setRole({ userId: 'oli', role: 'viewer' }, owner)
    const before = await picture(world)
    expect(await codeOf(invites.accept({ token: tokenIn(link) }, user('ada')))).toBe('inviter_unauthorized')
    expect(await picture(world)).toEqual(before)
    await invites.members.remove({ userId: 'oli' }, owner)
    expect(await codeOf(invites.accept({ token: tokenIn(link) }, user('ada')))).toBe('inviter_unauthorized')
    await invites.resend({ id: invite.id }, admin)
    expect((await invites.get({ id: invite.id }, admin)).inviterId).toBe('admin')
    expect(await codeOf(invites.accept({ token: tokenIn(link) }, user('ada')))).toBe('ok')
  })

  test('an API key and the system have nobody to be asked', async () => {
    const { invites, email, org, system, user } = await given()
    const key = { actor: { userId: null, organizationId: org, role: 'admin' } } as const
    for (const [name, context] of [
      ['ada', key],
      ['bob', system],
    ] as const) {
      const { invite, link } = await invites.create({ recipient: { email: email(name) }, role: 'member' }, context)
      expect(invite.inviterId).toBeNull()
      expect(await codeOf(invites.accept({ token: tokenIn(link) }, user(name)))).toBe('ok')
    }
  })
})
