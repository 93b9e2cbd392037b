// Open invites, and the codes that people type.
import { expect, test } from 'vitest'
import { codeOf, onEveryStorage, picture, rejection, tokenIn } from './given.ts'

onEveryStorage(given => {
  test('an open invite lets in whoever holds the link, once each, until its last use', async () => {
    const world = await given()
    const { openInvite, invites, user, admin } = world
    const { invite, link } = await openInvite({ maxUses: 2 })
    expect(invite).toMatchObject({ kind: 'open', recipient: null, maxUses: 2, useCount: 0, sentAt: null })
    const token = tokenIn(link)
    expect(await invites.accept({ token }, user('ada'))).toMatchObject({
      repeated: false,
      member: { userId: 'ada', role: 'member' },
      invite: { status: 'pending', useCount: 1 },
    })
    const before = await picture(world)
    expect(await invites.accept({ token }, user('ada'))).toMatchObject({ repeated: true, member: { userId: 'ada' } })
    expect(await picture(world)).toEqual(before)
    const last = await invites.accept({ token }, user('bob'))
    expect(last.invite).toMatchObject({ status: 'accepted', useCount: 2, acceptedBy: null })
    expect(await rejection(invites.accept({ token }, user('cy')))).toEqual({ code: 'uses_exhausted', limit: 2 })
    expect((await invites.accept({ token }, user('ada'))).repeated).toBe(true)
    const { data } = await invites.members.list({}, admin)
    expect(data.map(({ userId }) => userId)).toEqual(['ada', 'bob'])
  })

  test('without maxUses it has no end, and needs nobody’s verified address', async () => {
    const { openInvite, invites, user, all } = await given()
    const token = tokenIn((await openInvite()).link)
    for (const name of ['a', 'b', 'c']) await invites.accept({ token }, user(name, { email: null, emailVerified: undefined }))
    expect(await all()).toMatchObject([{ status: 'pending', useCount: 3 }])
  })

  test('a member of the organization hears already_member and takes no use', async () => {
    const { openInvite, invites, user, admin, all } = await given()
    const token = tokenIn((await openInvite({ maxUses: 1 })).link)
    await invites.members.add({ userId: 'mia', role: 'viewer' }, admin)
    expect(await codeOf(invites.accept({ token }, user('mia')))).toBe('already_member')
    expect(await all()).toMatchObject([{ useCount: 0 }])
  })

  test('a code opens what the link opens: look-alikes, lower case, blanks and dashes are put right', async () => {
    const { invite, openInvite, invites, user } = await given()
    const { code = '', invite: made } = await invite('ada', { code: true })
    expect(code).toMatch(/^[0-9A-HJKMNP-TV-Z]{10}$/)
    const typed = [
      code,
      code.toLowerCase(),
      `${code.slice(0, 5)}-${code.slice(5)}`,
      ` ${code.slice(0, 3)} ${code.slice(3, 7)}  ${code.slice(7)} `,
      code.replaceAll('0', 'O').replaceAll('1', 'I'),
      code.replaceAll('0', 'o').replaceAll('1', 'l'),
    ]
    for (const text of typed) expect((await invites.preview({ code: text })).id).toBe(made.id)
    expect(await invites.accept({ code: typed[3] ?? '' }, user('ada'))).toMatchObject({ member: { userId: 'ada' } })
    const many = await openInvite({ code: true })
    expect(await invites.accept({ code: many.code?.toLowerCase() ?? '' }, user('bob'))).toMatchObject({ repeated: false })
  })

  test('a wrong code, one too short and one of other characters are all invite_not_found', async () => {
    const world = await given()
    const { code = '' } = await world.invite('ada', { code: true })
    const before = await picture(world)
    const wrong = `${code.slice(0, 9)}${code.endsWith('0') ? '1' : '0'}`
    const ada = world.user('ada', { userId: `ada-${world.org}` })
    for (const text of [wrong, code.slice(1), `${code}0`, '!!!!!!!!!!', 'ÅÅÅÅÅÅÅÅÅÅ', '-', 'UUUUUUUUUU']) {
      expect(await codeOf(world.invites.accept({ code: text }, ada))).toBe('invite_not_found')
      expect(await codeOf(world.invites.preview({ code: text }))).toBe('invite_not_found')
      expect(await codeOf(world.invites.decline({ code: text }))).toBe('invite_not_found')
    }
    expect(await picture(world)).toEqual(before)
  })

  test('wrong codes are counted: after ten a user waits, with the right one as well; others need not', async () => {
    const { invite, invites, user, org, clock } = await given()
    const { code = '' } = await invite('ada', { code: true })
    const ada = user('ada', { userId: `ada-${org}` })
    for (let tries = 0; tries < 10; tries += 1) {
      const wrong = `${code.slice(0, 8)}${tries}${code[9] === 'A' ? 'B' : 'A'}`
      expect(await codeOf(invites.accept({ code: wrong }, ada))).toBe('invite_not_found')
    }
    expect(await rejection(invites.accept({ code }, ada))).toEqual({ code: 'rate_limited', limit: 10, retryAfter: 600 })
    expect((await invites.preview({ code })).status).toBe('pending')
    expect(await codeOf(invites.accept({ code }, user('bob', { userId: `bob-${org}` })))).toBe('recipient_mismatch')
    clock.advance('10m')
    expect(await codeOf(invites.accept({ code }, ada))).toBe('ok')
  })

  test('codes exist only where they are asked for, or where the link is made of one', async () => {
    const { invite } = await given()
    expect((await invite('a')).code).toBeUndefined()
    const made = await invite('b', { linkPattern: 'https://acme.example/join?code={code}' })
    expect(made.link).toBe(`https://acme.example/join?code=${made.code}`)
    const insists = await invite('c', { code: false, linkPattern: 'https://acme.example/join?code={code}' })
    expect(insists.link).toMatch(/code=[0-9A-Z]{10}$/)
  })

  test('rotating kills the old code with the old link', async () => {
    const { invite, invites, admin, user } = await given()
    const made = await invite('ada', { code: true })
    await invites.resend({ id: made.invite.id, rotate: true }, admin)
    const now = await invites.link({ id: made.invite.id }, admin)
    expect(now.code).not.toBe(made.code)
    expect(await codeOf(invites.accept({ code: made.code ?? '' }, user('ada')))).toBe('invite_not_found')
    expect(await codeOf(invites.accept({ code: now.code ?? '' }, user('ada')))).toBe('ok')
  })
})
