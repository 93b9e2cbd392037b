// What a landing page is told, and marking that a human went on from the link.
import { expect, test } from 'vitest'
import { codeOf, onEveryStorage, picture, tokenIn } from './given.ts'

onEveryStorage(given => {
  test('a preview tells who invites whom to what, masked, and consumes nothing', async () => {
    const world = await given({
      directory: { organization: () => ({ name: 'Acme Inc.' }), user: async userId => ({ name: `Mx ${userId}` }) },
    })
    const { invite, invites, email, org } = world
    const { invite: made, link } = await invite('ada', { locale: 'fr' })
    const before = await picture(world)
    expect(await invites.preview({ token: tokenIn(link) })).toMatchObject({
      id: made.id,
      organization: { id: org, name: 'Acme Inc.' },
      inviter: { name: 'Mx admin' },
      role: 'member',
      kind: 'personal',
      recipient: email('ada').replace('ada', 'a…'),
      locale: 'fr',
      status: 'pending',
      expiresAt: made.expiresAt,
      next: 'sign_in',
    })
    expect(await picture(world)).toEqual(before)
  })

  test('without a directory the inviter is named as on that day, and the organization has no name', async () => {
    const { invite, invites } = await given()
    const { link } = await invite('ada')
    expect(await invites.preview({ token: tokenIn(link) })).toMatchObject({
      organization: { name: null },
      inviter: { name: 'admin' },
    })
  })

  test('next is accept for the signed in, sign_in for who has an account, sign_up for who has none', async () => {
    const asked: unknown[] = []
    const world = await given({
      directory: {
        hasAccount: address => {
          asked.push(address)
          return address.email?.startsWith('old') ?? false
        },
      },
    })
    const { invite, invites, user, email, openInvite } = world
    const [old, fresh, open] = [await invite('old'), await invite('new'), await openInvite()]
    const next = async (link: string, actor = null as ReturnType<typeof user>['actor'] | null) =>
      (await invites.preview({ token: tokenIn(link) }, { actor })).next
    expect(await next(old.link)).toBe('sign_in')
    expect(await next(fresh.link)).toBe('sign_up')
    expect(await next(open.link)).toBe('sign_in')
    expect(await next(fresh.link, user('somebody').actor)).toBe('accept')
    expect(await next(fresh.link, { userId: null })).toBe('sign_up')
    expect(asked[0]).toEqual({ email: email('old'), phone: undefined })
  })

  test('match tells a visitor whether the invite is theirs, before they try', async () => {
    const { invite, openInvite, invites, user } = await given()
    const [token, open] = [tokenIn((await invite('ada')).link), tokenIn((await openInvite()).link)]
    const match = async (actor: ReturnType<typeof user>['actor'] | null, of = token) =>
      (await invites.preview({ token: of }, { actor })).match
    expect(await match(null)).toBeNull()
    expect(await match({ userId: null })).toBeNull()
    expect(await match(user('ada').actor)).toBe('ok')
    expect(await match(user('bob').actor)).toBe('mismatch')
    expect(await match(user('ada', { emailVerified: false }).actor)).toBe('unverified')
    expect(await match(user('bob').actor, open)).toBe('ok')
  })

  test('a dead invite answers with its status, and leads nowhere', async () => {
    const { invite, invites, user, admin, clock } = await given()
    const [accepted, declined, revoked, expired] = [await invite('a'), await invite('b'), await invite('c'), await invite('d')]
    await invites.accept({ token: tokenIn(accepted.link) }, user('a'))
    await invites.decline({ token: tokenIn(declined.link) })
    await invites.revoke({ id: revoked.invite.id }, admin)
    clock.advance('7d')
    for (const [{ link }, status] of [
      [accepted, 'accepted'],
      [declined, 'declined'],
      [revoked, 'revoked'],
      [expired, 'expired'],
    ] as const) {
      expect(await invites.preview({ token: tokenIn(link) }, user('a'))).toMatchObject({ status, next: null })
    }
  })

  test('an unknown token is invite_not_found; after erasing nobody is named', async () => {
    const { invite, invites, admin } = await given()
    const { invite: made, link } = await invite('ada')
    const token = tokenIn(link)
    const forged = `${token.slice(0, -1)}${token.endsWith('A') ? 'B' : 'A'}`
    for (const text of [forged, 'x', 'A'.repeat(48), `${token} `, `${token}A`]) {
      expect(await codeOf(invites.preview({ token: text }))).toBe('invite_not_found')
    }
    await invites.erase({ id: made.id }, admin)
    expect(await invites.preview({ token })).toMatchObject({ status: 'revoked', recipient: null, inviter: { name: null } })
  })

  test('opening counts once, the first time, whoever did it', async () => {
    const world = await given()
    const { invite, invites, user, clock, history } = world
    const { invite: made, link } = await invite('ada')
    const token = tokenIn(link)
    const first = clock.now()
    expect(await invites.open({ token })).toBeUndefined()
    const before = await picture(world)
    clock.advance('1h')
    await invites.open({ token }, user('ada'))
    expect(await picture(world)).toEqual(before)
    expect((await invites.get({ id: made.id }, world.admin)).openedAt).toEqual(first)
    expect(await history(made.id)).toEqual(['invite.created', 'invite.sent', 'invite.opened'])
  })
})
