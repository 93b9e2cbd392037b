// No secret at rest, in lists, errors, events or webhooks: tokens, codes and links are looked for in all of them.
import { inspect } from 'node:util'
import type { InviteEvent } from 'invitekit'
import { expect, test } from 'vitest'
import { onEveryStorage, tokenIn, worldIn } from './given.ts'

onEveryStorage((given, store) => {
  test('a copy of the database gives nobody a working link', async () => {
    const events: unknown[] = []
    const world = await given({ sinks: [{ name: 'hook', publish: async event => void events.push(event) }] })
    const { invites, invite, openInvite, admin, owner, user, mailTo, email, clock, errors } = world
    const stop = invites.on('*', (event: InviteEvent) => void events.push(event))
    const shown: unknown[] = []
    const tell = async (call: Promise<unknown>) => void shown.push(await call.catch((error: unknown) => error))

    const made = await invite('ada', { code: true, metadata: { a: 1 }, extra: { b: 2 } })
    const keyed = { ...admin, idempotencyKey: 'k' }
    const bob = await invites.create({ recipient: { email: email('bob') }, role: 'member', code: true }, keyed)
    const open = await openInvite({ code: true, maxUses: 1, linkPattern: '{publicUrl}/{code}/{token}' })
    await invites.resend({ id: made.invite.id, rotate: true }, admin)
    const fresh = { ...(await invites.link({ id: made.invite.id }, admin)) }
    const all = [made, bob, open, fresh]
    const secrets = all.flatMap(({ link, code }) => [link, tokenIn(link), code ?? ''])
    expect(secrets.filter(secret => secret.length >= 10)).toHaveLength(12)

    for (const { link, code } of all) {
      const token = tokenIn(link)
      for (const person of [user('eve'), user('ada', { emailVerified: false })]) {
        await tell(invites.accept({ token }, person))
        await tell(invites.accept({ code: code ?? '' }, person))
      }
      await tell(invites.open({ token }))
      await tell(invites.preview({ token }))
      await tell(invites.accept({ token, role: 'owner' }, user('bob')))
      await tell(invites.decline({ token, reason: 'no' }, user('eve')))
      await tell(invites.accept({ token, nonsense: true } as never, user('ada')))
      await tell(invites.accept({ token, code } as never, user('ada')))
    }
    await tell(invites.accept({ token: tokenIn(bob.link) }, user('bob')))
    await tell(invites.update({ id: made.invite.id, role: 'viewer' }, admin))
    await tell(invites.list({}, owner))
    await tell(invites.mine({}, user('ada')))
    await tell(invites.summary({}, admin))
    for (const { invite: each } of [made, bob, open]) {
      await tell(invites.get({ id: each.id }, admin))
      await tell(invites.history({ id: each.id }, admin))
    }
    clock.advance('8d')
    await tell(invites.renew({ token: tokenIn(fresh.link) }))
    await tell(invites.sweep())
    expect(mailTo('ada')[1]?.text).toContain(fresh.link)

    expect(events.length).toBeGreaterThan(10)
    const places = {
      tables: await store().dump(),
      'what was written': store().handed(),
      events: inspect(events, { depth: 20 }),
      answers: inspect(shown, { depth: 20 }),
      'errors in the background': inspect(errors, { depth: 20 }),
    }
    for (const [place, text] of Object.entries(places)) {
      expect({ place, found: secrets.filter(secret => text.includes(secret)) }).toEqual({ place, found: [] })
    }
    expect(places.tables).not.toContain('5a'.repeat(32))
    stop()
  })

  test('a mail that fails stores our words, not the provider’s, which may hold the mail', async () => {
    const send = async ({ text }: { text: string }) => {
      throw Object.assign(new Error(`550 refused: ${text}`), { permanent: true })
    }
    const { invite, invites, admin, store: itself } = await given({ transports: { email: { send } } })
    const { invite: made, link } = await invite('ada')
    const { deliveries } = await invites.get({ id: made.id }, admin)
    expect(deliveries).toMatchObject([{ status: 'failed' }])
    expect(deliveries[0]?.failure).not.toContain('550')
    expect(await itself.dump()).not.toContain(tokenIn(link))
  })

  test('links made with another key open nothing here', async () => {
    const mine = await given()
    const other = await worldIn(store(), { keys: ['77'.repeat(32)] })
    const { link } = await other.invite('ada')
    await expect(mine.invites.preview({ token: tokenIn(link) })).rejects.toMatchObject({ code: 'invite_not_found' })
  })
})
