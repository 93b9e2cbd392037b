// Finding invites: filters, sorts, pages, totals, and the links of those whose role one may grant.
import type { ListInput } from 'invitekit'
import { expect, test } from 'vitest'
import { codeOf, type Given, onEveryStorage, rejection, tokenIn } from './given.ts'

/** Seven invites, an hour apart, in every state. */
async function seven(given: Given) {
  const world = await given()
  const { invites, admin, owner, email, clock, user } = world
  const to = (name: string, names: object = {}) => ({ recipient: { email: email(name), ...names } })
  const made: { invite: { id: string }; link: string }[] = []
  const make = async (input: object, context = admin) => {
    made.push(await invites.create(input as never, context))
    clock.advance('1h')
  }
  await make({ ...to('ada', { fullName: 'Ada Lovelace' }), role: 'member', expiresIn: '10d' })
  await make({ ...to('bob', { firstName: 'Bob', lastName: 'O’Hara_50%' }), role: 'viewer', externalId: 'crm-1' })
  await make({ ...to('cy', { fullName: 'ÉLODIE Ünal' }), role: 'admin', expiresIn: null }, owner)
  await make({ recipient: { phone: '+4915123456789' }, role: 'member', expiresIn: '1h' })
  await make({ ...to('di'), role: 'member' })
  await make({ ...to('eve'), role: 'member' })
  await make({ kind: 'open', role: 'viewer', maxUses: 5 })
  await invites.accept({ token: tokenIn(made[4]?.link ?? '') }, user('di'))
  await invites.revoke({ id: made[5]?.invite.id ?? '' }, admin)
  const names = ['ada', 'bob', 'cy', 'phone', 'di', 'eve', 'open']
  const nameOf = ({ id }: { id: string }) => names[made.findIndex(each => each.invite.id === id)]
  const found = async (query: ListInput<string>, context = admin) =>
    (await invites.list(query, context)).data.map(nameOf).join(' ')
  return { ...world, found, start: new Date(clock.now().getTime() - 7 * 3_600_000) }
}

onEveryStorage(given => {
  test('every filter alone, and several together', async () => {
    const { found, email, start } = await seven(given)
    const after = (hours: number) => new Date(start.getTime() + hours * 3_600_000)
    const sort = 'createdAt'
    expect(await found({ sort })).toBe('ada bob cy phone di eve open')
    expect(await found({ sort, status: 'pending' })).toBe('ada bob cy open')
    expect(await found({ sort, status: ['accepted', 'revoked', 'expired'] })).toBe('phone di eve')
    expect(await found({ sort, status: 'declined' })).toBe('')
    expect(await found({ sort, role: 'member' })).toBe('ada phone di eve')
    expect(await found({ sort, email: ` ${email('ada').replace('ada', 'ADA')} ` })).toBe('ada')
    expect(await found({ sort, phone: '+49 1512 3456789' })).toBe('phone')
    expect(await found({ sort, inviterId: 'owner' })).toBe('cy')
    expect(await found({ sort, externalId: 'crm-1' })).toBe('bob')
    expect(await found({ sort, created: { from: after(1), to: after(4) } })).toBe('bob cy phone')
    expect(await found({ sort, created: { from: after(5).toISOString() } })).toBe('eve open')
    expect(await found({ sort, expires: { to: after(5) } })).toBe('phone')
    expect(await found({ sort, role: 'member', status: ['pending', 'expired'], created: { from: after(1) } })).toBe('phone')
  })

  test('q finds a part of an address or name in any case, and takes wildcards as letters', async () => {
    const { found } = await seven(given)
    const sort = 'createdAt'
    expect(await found({ sort, q: 'LOVE' })).toBe('ada')
    expect(await found({ sort, q: 'élodie ü' })).toBe('cy')
    expect(await found({ sort, q: '_50%' })).toBe('bob')
    expect(await found({ sort, q: 'a%a' })).toBe('')
    expect(await found({ sort, q: '%' })).toBe('bob')
    expect(await found({ sort, q: 'EXAMPLE.com' })).toBe('ada bob cy di eve')
    expect(await found({ sort, q: '1512' })).toBe('phone')
    expect(await found({ sort, q: "' or 1=1 --" })).toBe('')
  })

  test('sorts go both ways, the newest first unless said otherwise, and never is the latest time', async () => {
    const { found, invites, admin, all, clock } = await seven(given)
    expect(await found({})).toBe('open eve di phone cy bob ada')
    expect(await found({ sort: 'expiresAt' })).toBe('phone bob di eve open ada cy')
    expect(await found({ sort: '-expiresAt' })).toBe('cy ada open eve di bob phone')
    const [, , , , , , ada] = await all()
    clock.advance('1h')
    await invites.update({ id: ada?.id ?? '', role: 'viewer' }, admin)
    expect((await found({ sort: '-updatedAt' })).split(' ')[0]).toBe('ada')
    expect((await found({ sort: 'updatedAt' })).split(' ').at(-1)).toBe('ada')
  })

  test('pages follow each other by cursor, total counts what the filters leave, each walks them all', async () => {
    const { invites, admin, all } = await seven(given)
    const ids: string[] = []
    let cursor: string | null | undefined
    do {
      const page = await invites.list({ limit: 3, sort: 'expiresAt', include: ['total'], ...(cursor && { cursor }) }, admin)
      expect(page.total).toBe(7)
      ids.push(...page.data.map(({ id }) => id))
      cursor = page.nextCursor
    } while (cursor)
    expect(ids).toHaveLength(7)
    expect(new Set(ids)).toEqual(new Set((await all()).map(({ id }) => id)))
    const walked: string[] = []
    for await (const { id } of invites.each({ sort: 'expiresAt' }, admin)) walked.push(id)
    expect(walked).toEqual(ids)
    const { total, data, nextCursor } = await invites.list({ role: 'viewer', include: ['total'], limit: 2 }, admin)
    expect({ total, count: data.length, nextCursor }).toEqual({ total: 2, count: 2, nextCursor: null })
  })

  test('links are listed on request, for pending invites whose role the caller may grant', async () => {
    const { invites, admin, owner, member } = await seven(given)
    const linked = async (context: typeof admin) =>
      (await invites.list({ include: ['link'], sort: 'createdAt' }, context)).data.map(({ link }) => link !== undefined)
    expect(await linked(admin)).toEqual([true, true, false, false, false, false, true])
    expect(await linked(owner)).toEqual([true, true, true, false, false, false, true])
    expect((await invites.list({}, owner)).data.some(invite => 'link' in invite)).toBe(false)
    expect(await codeOf(invites.list({ include: ['link'] }, member))).toBe('forbidden')
  })

  test('a date that not every database has is refused', async () => {
    const { invites, admin } = await given()
    for (const from of ['0000-01-01T00:00:00Z', '0001-01-01T00:00:00+23:59', new Date(8.64e15), new Date(-8.64e15)])
      expect(await rejection(invites.list({ created: { from } } as never, admin))).toMatchObject({
        code: 'invalid_input',
        errors: [{ path: 'created.from', detail: expect.stringContaining('1 to 9999') }],
      })
  })

  test('an empty list of states finds nothing', async () => {
    const { found } = await seven(given)
    expect(await found({ status: [] })).toBe('')
  })
})
