// Inside the host's own transaction: all of it commits together with the host's rows, or none of it.
import { expect, test } from 'vitest'
import { codeOf, on, picture, tokenIn } from './given.ts'
import type { Store } from './stores.ts'

// Memory has no transaction of the host's.
on(['sqlite', 'postgres'], (given, store) => {
  const transaction: NonNullable<Store['transaction']> = work => store().transaction?.(work) ?? expect.fail('no transaction')

  test('what is created in a transaction that rolls back never was, and is not mailed', async () => {
    const world = await given()
    const { invites, admin, email, mailbox, all } = world
    const before = await picture(world)
    const doomed = transaction(async tx => {
      const made = await invites.create({ recipient: { email: email('ada') }, role: 'member' }, { ...admin, tx })
      expect(await invites.get({ id: made.invite.id }, { ...admin, tx })).toMatchObject({ status: 'pending' })
      expect((await invites.list({}, { ...admin, tx })).data).toHaveLength(1)
      expect(await invites.preview({ token: tokenIn(made.link) }, { tx })).toMatchObject({ status: 'pending' })
      throw new Error('the host changes its mind')
    })
    await expect(doomed).rejects.toThrow('changes its mind')
    await invites.relay.drain()
    expect(await picture(world)).toEqual(before)
    expect(mailbox.messages).toEqual([])
    expect(await all()).toEqual([])
  })

  test('what commits with the host is there, and is mailed after the commit', async () => {
    const { invites, admin, email, mailTo, user, all } = await given()
    await transaction(async tx => {
      await invites.create({ recipient: { email: email('ada') }, role: 'member' }, { ...admin, tx })
      await invites.create({ recipient: { email: email('bob') }, role: 'member' }, { ...admin, tx })
      expect(mailTo('ada')).toEqual([])
    })
    await invites.relay.drain()
    expect(mailTo('ada')).toHaveLength(1)
    const token = tokenIn(mailTo('ada')[0]?.link ?? '')
    await transaction(async tx => void (await invites.accept({ token }, { ...user('ada'), tx })))
    expect((await all()).map(({ status }) => status).sort()).toEqual(['accepted', 'pending'])
  })

  test('a refusal inside writes nothing, and leaves the transaction to be used', async () => {
    const { invites, admin, email, invite, all } = await given()
    await invite('ada')
    await transaction(async tx => {
      const twin = invites.create({ recipient: { email: email('ada') }, role: 'member' }, { ...admin, tx })
      expect(await codeOf(twin)).toBe('already_invited')
      await invites.create({ recipient: { email: email('bob') }, role: 'member', send: false }, { ...admin, tx })
    })
    expect(await all()).toHaveLength(2)
  })

  test('the host’s member and the acceptance go the same way', async () => {
    const table = await store().hostTable()
    const { invites, user, org, system, all } = await given({ members: table.port as never })
    const { link } = await invites.create({ kind: 'open', role: 'member' }, system)
    const token = tokenIn(link)
    const doomed = transaction(async tx => {
      await invites.accept({ token }, { ...user('ada'), tx })
      throw new Error('no')
    })
    await expect(doomed).rejects.toThrow('no')
    expect(await table.members(org)).toEqual([])
    expect(await all()).toMatchObject([{ useCount: 0 }])
    await transaction(async tx => void (await invites.accept({ token }, { ...user('ada'), tx })))
    expect(await table.members(org)).toEqual(['ada member'])
    expect(await all()).toMatchObject([{ useCount: 1 }])
  })

  test('a code is accepted, and an address erased, in the host’s transaction like anything else', async () => {
    const { invites, admin, email, user, system, all } = await given()
    await transaction(async tx => {
      const { code = '' } = await invites.create({ kind: 'open', role: 'member', code: true }, { ...admin, tx })
      await invites.accept({ code }, { ...user('ada'), tx })
      await invites.create({ recipient: { email: email('bob') }, role: 'member' }, { ...admin, tx })
      const bySystem = { actor: 'system', tx } as unknown as typeof system
      expect(await invites.erase({ email: email('bob') }, bySystem)).toEqual({ erased: 1 })
    })
    expect((await all()).map(({ kind, status, useCount }) => `${kind} ${status} ${useCount}`)).toEqual([
      'personal revoked 0',
      'open pending 1',
    ])
  })

  test('a hundred calls at once on one transaction are all made', async () => {
    const { invites, admin, email, all } = await given()
    await transaction(async tx => {
      const names = Array.from({ length: 100 }, (_, n) => email(`p${n}`))
      await Promise.all(
        names.map(address => invites.create({ recipient: { email: address }, role: 'member' }, { ...admin, tx })),
      )
    })
    expect(await all()).toHaveLength(100)
  })

  test('a `tx` that is null is none, and one that is no transaction is refused', async () => {
    const { invites, admin, email, all } = await given()
    const input = { recipient: { email: email('ada') }, role: 'member' } as const
    await expect(invites.create(input, { ...admin, tx: 'tx' as never })).rejects.toThrow(/`tx` must be/)
    expect(await all()).toEqual([])
    expect(await codeOf(invites.create(input, { ...admin, tx: null as never }))).toBe('ok')
  })

  test('touch in the host’s transaction goes with it, and without one it stands alone', async () => {
    const world = await given()
    const { invites, org } = world
    const revision = async () => (await picture(world))['revision'] as number
    const start = await revision()
    await invites.touch({ organizationId: org }, {})
    await invites.touch({ organizationId: org }, undefined as never)
    expect(await revision()).toBe(start + 2)
    await transaction(tx => invites.touch({ organizationId: org }, { tx }))
    expect(await revision()).toBe(start + 3)
    const doomed = transaction(async tx => {
      await invites.touch({ organizationId: org }, { tx })
      throw new Error('no')
    })
    await expect(doomed).rejects.toThrow('no')
    expect(await revision()).toBe(start + 3)
  })
})
