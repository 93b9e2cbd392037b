// The same call again under one key: one effect and one answer, for 24 hours.
import { isReplayed } from 'invitekit'
import { expect, test } from 'vitest'
import { unique } from '../support/make.ts'
import { codeOf, onEveryStorage, picture, rejection, tokenIn } from './given.ts'

/** Deliveries are told by the call that queued them. */
const bare = <T extends { invite: object }>({ invite, ...rest }: T) => ({ ...rest, invite: { ...invite, deliveries: [] } })

onEveryStorage(given => {
  test('the same key and input answer the same, and are done once', async () => {
    const world = await given()
    const { invites, admin, email, mailbox } = world
    const call = () =>
      invites.create({ recipient: { email: email('ada') }, role: 'member', code: true }, { ...admin, idempotencyKey: 'k1' })
    const first = await call()
    const before = await picture(world)
    const again = await call()
    expect(bare(again)).toEqual(bare(first))
    expect([isReplayed(first), isReplayed(again)]).toEqual([false, true])
    const reordered = { code: true, role: 'member', recipient: { email: email('ada') } }
    expect((await invites.create(reordered, { ...admin, idempotencyKey: 'k1' })).link).toBe(first.link)
    expect(await picture(world)).toEqual(before)
    expect(mailbox.messages).toHaveLength(1)
  })

  test('at once as well: of 8 equal calls one is done', async () => {
    const { invites, admin, email, all } = await given()
    const call = () => invites.create({ recipient: { email: email('ada') }, role: 'member' }, { ...admin, idempotencyKey: 'k' })
    const answers = await Promise.all(Array.from({ length: 8 }, call))
    expect(new Set(answers.map(({ link }) => link)).size).toBe(1)
    expect(await all()).toHaveLength(1)
  })

  test('another input under the same key is idempotency_mismatch, and writes nothing', async () => {
    const world = await given()
    const { invites, admin, email } = world
    const context = { ...admin, idempotencyKey: 'k' }
    await invites.create({ recipient: { email: email('ada') }, role: 'member' }, context)
    const items = (...names: string[]) => ({
      invites: names.map(name => ({ recipient: { email: email(name) }, role: 'member' })),
    })
    await invites.createMany(items('b', 'c'), context)
    const before = await picture(world)
    expect(await codeOf(invites.create({ recipient: { email: email('bob') }, role: 'member' }, context))).toBe(
      'idempotency_mismatch',
    )
    expect(await codeOf(invites.createMany(items('b', 'd'), context))).toBe('idempotency_mismatch')
    expect(await codeOf(invites.createMany(items('b'), context))).toBe('idempotency_mismatch')
    expect(await picture(world)).toEqual(before)
  })

  test('also of a bulk in which nothing is valid', async () => {
    const { invites, admin, email } = await given()
    const context = { ...admin, idempotencyKey: unique('key') }
    await invites.createMany({ invites: [{ recipient: { email: email('ada') }, role: 'member' }] }, context)
    const other = invites.createMany({ invites: [{ recipient: { email: 'nobody' }, role: 'member' }] }, context)
    expect(await codeOf(other)).toBe('idempotency_mismatch')
  })

  test('a key is bound to the call, the caller and the organization', async () => {
    const { invites, admin, owner, email, all, invite, user } = await given()
    const key = { idempotencyKey: 'k' }
    const { invite: made } = await invite('ada')
    await invites.resend({ id: made.id }, { ...admin, ...key })
    await invites.resend({ id: made.id }, { ...owner, ...key })
    expect(await all()).toMatchObject([{ sendCount: 3 }])
    await invites.resend({ id: made.id }, { ...owner, ...key })
    expect(await all()).toMatchObject([{ sendCount: 3 }])
    expect((await invites.revoke({ id: made.id }, { ...owner, ...key })).invite.status).toBe('revoked')
    expect((await invites.create({ recipient: { email: email('bob') }, role: 'member' }, { ...owner, ...key })).outcome).toBe(
      'created',
    )
    expect(await codeOf(invites.accept({ id: made.id }, { ...user('ada'), ...key }))).toBe('invite_revoked')
  })

  test('accept, update, resend and a bulk repeat as a whole; a success that changed nothing is kept, a refusal is not', async () => {
    const world = await given()
    const { invites, admin, invite, user, email, mailbox, history } = world
    const { invite: made, link } = await invite('ada')
    const keyed = { ...admin, idempotencyKey: 'k' }
    const bulk = { invites: ['ada', 'bob'].map(name => ({ recipient: { email: email(name) }, role: 'member' })) }
    const first = await invites.createMany(bulk, keyed)
    const [update, resend] = [
      { id: made.id, role: 'viewer' },
      { id: made.id, rotate: false },
    ]
    await invites.update(update, keyed)
    await invites.resend(resend, keyed)
    const token = tokenIn(link)
    const accepted = await invites.accept({ token }, { ...user('ada'), idempotencyKey: 'k' })
    const before = await picture(world)
    const sent = mailbox.messages.length
    const again = await invites.createMany(bulk, keyed)
    expect(again.results.map(({ outcome }) => outcome)).toEqual(first.results.map(({ outcome }) => outcome))
    await invites.update(update, keyed)
    await invites.resend(resend, keyed)
    expect(await invites.accept({ token }, { ...user('ada'), idempotencyKey: 'k' })).toEqual(accepted)
    expect(await picture(world)).toEqual(before)
    expect(mailbox.messages).toHaveLength(sent)
    expect(await history(made.id)).not.toContain('invite.revoked')

    const refused = () =>
      invites.create({ recipient: { email: email('mia') }, role: 'member' }, { ...admin, idempotencyKey: 'r' })
    await invites.members.add({ userId: 'mia', role: 'member', email: email('mia') }, admin)
    expect(await codeOf(refused())).toBe('already_member')
    await invites.members.remove({ userId: 'mia' }, admin)
    expect((await refused()).outcome).toBe('created')
  })

  test('a replay after 24 hours is a new call', async () => {
    const { invites, admin, email, clock, all } = await given()
    const context = { ...admin, idempotencyKey: 'k' }
    const call = (name: string) => invites.create({ recipient: { email: email(name) }, role: 'member' }, context)
    await call('ada')
    clock.advance(86_400_000 - 1)
    expect(await codeOf(call('bob'))).toBe('idempotency_mismatch')
    clock.advance(1)
    expect(await codeOf(call('ada'))).toBe('already_invited')
    expect((await call('bob')).outcome).toBe('created')
    expect((await call('bob')).invite.id).toBe((await all())[0]?.id)
    expect(await all()).toHaveLength(2)
  })

  test('a replay is authorized anew: who may no longer grant the role does not get the link again', async () => {
    const { invites, staff, org, email, owner } = await given()
    const as = (role: string) => ({ ...staff(role, org, 'oli'), idempotencyKey: 'k' })
    const call = (role: string) => invites.create({ recipient: { email: email('ada') }, role: 'member' }, as(role))
    const { invite } = await call('admin')
    expect(await codeOf(call('viewer'))).toBe('forbidden')
    await invites.update({ id: invite.id, role: 'admin' }, owner)
    expect(await rejection(call('admin'))).toEqual({ code: 'role_not_grantable', role: 'admin' })
  })

  test('items of a bulk that are no JSON do not stop it, keyed or not', async () => {
    const { invites, admin, email } = await given()
    const cyclic: Record<string, unknown> = {}
    cyclic['self'] = [cyclic, cyclic]
    const bad = [{ n: 1n }, cyclic, { f: () => 1 }].map((metadata, index) => ({
      recipient: { email: email(`b${index}`) },
      metadata,
    }))
    const input = { defaults: { role: 'member' }, invites: [...bad, { recipient: { email: email('ok') } }] } as never
    for (const key of [{}, { idempotencyKey: 'k' }, { idempotencyKey: 'k' }]) {
      const { results } = await invites.createMany(input, { ...admin, ...key })
      expect(results.slice(0, 3).map(({ error }) => error?.code)).toEqual(Array(3).fill('invalid_input'))
    }
  })
})
