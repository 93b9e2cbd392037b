// Laws over random stories and random input: three storages are one library, secrets cannot be guessed, walks are whole.
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { freeWorlds, onEveryStorage, rejection, tokenIn } from './given.ts'
import { live, stories } from './story.ts'

test('the same calls give the same answers, and leave the same behind, on memory, SQLite and Postgres', async () => {
  const { worlds, drop } = await freeWorlds({ limits: { pending: 4, seats: 3, perInviterPerDay: 12, resendCooldown: '30m' } })
  const refusals = new Set<string>()
  try {
    await fc.assert(
      fc.asyncProperty(stories, async story => {
        const [memory, ...others] = await Promise.all((await worlds()).map(world => live(world, story)))
        for (const other of others) expect(other).toEqual(memory)
        for (const [code] of JSON.stringify(memory).matchAll(/(?<="refused":\{"code":")\w+/g)) refusals.add(code)
      }),
      { numRuns: 20 },
    )
    expect(refusals.size).toBeGreaterThan(2)
  } finally {
    await drop()
  }
}, 60_000)

onEveryStorage(given => {
  test('a token, code or cursor that was changed anywhere opens nothing', async () => {
    const { invite, invites, admin, user } = await given()
    const made = await invite('ada', { code: true })
    await invite('bob', { send: false })
    const { nextCursor } = await invites.list({ limit: 1 }, admin)
    const token = tokenIn(made.link)
    const changed = (text: string) =>
      fc
        .tuple(fc.nat({ max: text.length - 1 }), fc.constantFrom(...'ABCabc019_-'))
        .map(([at, char]) => `${text.slice(0, at)}${char}${text.slice(at + 1)}`)
        .filter(other => other !== text)
    await fc.assert(
      fc.asyncProperty(changed(token), changed(nextCursor ?? ''), async (other, cursor) => {
        expect(await rejection(invites.accept({ token: other }, user('ada')))).toEqual({ code: 'invite_not_found' })
        expect(await rejection(invites.list({ limit: 1, cursor }, admin))).toEqual({ code: 'invalid_cursor' })
      }),
      { numRuns: 20 },
    )
    expect((await invites.preview({ token })).status).toBe('pending')
    expect((await invites.list({ limit: 1, cursor: nextCursor ?? '' }, admin)).data).toHaveLength(1)
  })

  test('no input makes a call break: it answers, or refuses with one of the codes', async () => {
    const { invites, admin, user } = await given()
    const anything = fc.oneof(
      fc.anything({ maxDepth: 2 }),
      fc.object({ key: fc.constantFrom(...fields), maxDepth: 2 }),
      fc.string({ unit: 'binary' }),
    )
    await fc.assert(
      fc.asyncProperty(anything, fc.constantFrom(...fields), async (value, field) => {
        const input = { role: 'member', recipient: { email: 'a@example.com' }, send: false, [field]: value } as never
        for (const call of [
          invites.create,
          invites.resend,
          invites.update,
          invites.revoke,
          invites.get,
          invites.list,
          invites.erase,
        ]) {
          await rejection(call(value as never, admin))
          await rejection(call({ [field]: value } as never, admin))
        }
        await rejection(invites.create(input, admin))
        await rejection(invites.createMany({ invites: [input, value] } as never, { ...admin, idempotencyKey: 'k' }))
        await rejection(invites.accept({ [field]: value } as never, user('ada')))
        await rejection(invites.preview({ token: value } as never))
        await rejection(invites.members.add({ userId: value, role: 'member' } as never, admin))
      }),
      { numRuns: 20 },
    )
  })

  test('a walk misses and repeats nothing that stood before it, whatever is written meanwhile', async () => {
    const { invites, admin, email, clock } = await given()
    let people = 0
    const add = (expiresIn: number | null) => {
      people += 1
      return invites.create({ recipient: { email: email(`p${people}`) }, role: 'member', send: false, expiresIn }, admin)
    }
    for (const expiresIn of [3, 1, 1, null, 2, 3, null, 1, 5, 2]) {
      await add(expiresIn && expiresIn * 1e9)
      if (people % 3 === 0) clock.advance(1)
    }
    const sorts = fc.constantFrom('createdAt', '-createdAt', 'expiresAt', '-expiresAt', 'updatedAt', '-updatedAt')
    const meanwhile = fc.array(fc.constantFrom(1e9, 2e9, 4e9, null), { maxLength: 2 })
    await fc.assert(
      fc.asyncProperty(sorts, fc.integer({ min: 1, max: 7 }), meanwhile, async (sort, limit, added) => {
        const stood = (await invites.list({ limit: 200, sort } as never, admin)).data.map(({ id }) => id)
        const walked: string[] = []
        const left = [...added]
        let cursor: string | null | undefined
        do {
          const page = await invites.list({ limit, sort, ...(cursor && { cursor }) } as never, admin)
          walked.push(...page.data.map(({ id }) => id))
          cursor = page.nextCursor
          const next = left.shift()
          if (cursor && next !== undefined) await add(next)
        } while (cursor)
        expect(new Set(walked).size).toBe(walked.length)
        expect(walked.filter(id => stood.includes(id))).toEqual(stood)
      }),
      { numRuns: 15 },
    )
  })
})

const fields = [
  ...['id', 'recipient', 'role', 'kind', 'metadata', 'extra', 'expiresIn', 'maxUses', 'channels', 'ifPending', 'linkPattern'],
  ...['token', 'code', 'email', 'phone', 'cursor', 'limit', 'sort', 'q', 'status', 'created', 'reason', 'template', 'locale'],
]
