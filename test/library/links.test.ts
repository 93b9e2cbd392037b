// How links look, and which names stand in mails.
import { expect, test } from 'vitest'
import { onEveryStorage, rejection, tokenIn } from './given.ts'

onEveryStorage(given => {
  test('the pattern is an option, and an invite may have its own, which it keeps', async () => {
    const { invite, invites, admin, mailTo } = await given({ linkPattern: 'https://acme.example/join?t={token}' })
    const [usual, own] = [await invite('ada'), await invite('bob', { linkPattern: '{publicUrl}/x/{id}#{token}' })]
    expect(usual.link).toBe(`https://acme.example/join?t=${tokenIn(usual.link)}`)
    expect(own.link).toBe(`https://app.example.com/invites/x/${own.invite.id}#${tokenIn(own.link)}`)
    expect((await invites.link({ id: own.invite.id }, admin)).link).toBe(own.link)
    expect(mailTo('bob')[0]?.text).toContain(own.link)
    await invites.resend({ id: own.invite.id, rotate: true }, admin)
    expect(mailTo('bob')[1]?.text).toContain(`https://app.example.com/invites/x/${own.invite.id}#`)
  })

  test('{sign} is sign-in for who has an account, and sign-up for who has none', async () => {
    const { invite, openInvite } = await given({
      linkPattern: 'https://acme.example/{sign}?i={token}',
      directory: { hasAccount: async ({ email }) => email?.startsWith('old') ?? false },
    })
    expect((await invite('old')).link).toContain('/sign-in?')
    expect((await invite('new')).link).toContain('/sign-up?')
    expect((await openInvite()).link).toContain('/sign-in?')
    const quiet = await given({ linkPattern: 'https://acme.example/{sign}?i={token}' })
    expect((await quiet.invite('new')).link).toContain('/sign-in?')
  })

  test('{code} makes a code, and the mail shows the link with it', async () => {
    const { invite, invites, mailTo } = await given({ linkPattern: '{publicUrl}/c/{code}' })
    const made = await invite('ada')
    expect(made.link).toBe(`https://app.example.com/invites/c/${made.code}`)
    expect(mailTo('ada')[0]?.text).toContain(made.link)
    expect((await invites.preview({ code: made.code ?? '' })).id).toBe(made.invite.id)
  })

  test('a pattern without a secret, or with a word that is none, is refused', async () => {
    const { invite } = await given()
    for (const linkPattern of ['https://acme.example/', '{publicUrl}/{id}', '{token}/{nothing}', '{token}{constructor}']) {
      expect(await rejection(invite('ada', { linkPattern }))).toMatchObject({
        code: 'invalid_input',
        errors: [{ path: 'linkPattern' }],
      })
    }
  })

  test('a slash at the end of publicUrl makes no double slash', async () => {
    const { invite } = await given({ publicUrl: 'https://app.example.com/invites/' })
    expect((await invite('ada')).link).toMatch(/^https:\/\/app\.example\.com\/invites\/i\/[\w-]{48}$/)
  })

  test('the directory’s names stand in the mail; without one, the name of the actor', async () => {
    const named = await given({
      directory: { organization: async () => ({ name: 'Acme Inc.' }), user: () => ({ name: 'Grace' }) },
    })
    await named.invite('ada')
    expect(named.mailTo('ada')[0]?.subject).toMatch(/Grace.*Acme/)
    const plain = await given()
    await plain.invite('ada')
    expect(plain.mailTo('ada')[0]?.text).toContain('admin')
    const unknown = await given({ directory: { organization: () => null, user: () => null } })
    await unknown.invite('ada')
    expect(unknown.mailTo('ada')).toHaveLength(1)
  })
})
