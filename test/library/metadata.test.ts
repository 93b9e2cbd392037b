// What a host keeps with an invite: metadata, listed and emitted; extra, private.
import type { InviteEvent } from 'invitekit'
import { expect, test } from 'vitest'
import { z } from 'zod'
import { codeOf, onEveryStorage, picture, rejection } from './given.ts'

onEveryStorage(given => {
  test('metadata comes back as it was given, in answers, lists and events', async () => {
    const { invite, invites, admin } = await given()
    const metadata = {
      text: 'žluťoučký 🐎 \n"quoted" \\ %_',
      numbers: [0, -1.5, 1e21, 2 ** 53],
      nested: { deep: [{ list: [null, true, [[]]] }], empty: {} },
      "odd key.with $ and '": 1,
      constructor: 'fine',
    }
    const events: InviteEvent[] = []
    const stop = invites.on('*', event => void events.push(event))
    const made = await invite('ada', { metadata } as never)
    expect(made.invite.metadata).toEqual(metadata)
    expect((await invites.get({ id: made.invite.id }, admin)).metadata).toEqual(metadata)
    expect((await invites.list({}, admin)).data[0]?.metadata).toEqual(metadata)
    expect(events.map(event => event.data.invite.metadata)).toEqual(events.map(() => metadata))
    stop()
  })

  test('updating with the same metadata writes nothing, in whatever order its keys come', async () => {
    const world = await given()
    const { invite, invites, admin } = world
    const { invite: made } = await invite('ada', { metadata: { zebra: 1, a: { second: 2, b: 3 }, list: [{ y: 1, x: 2 }] } })
    const before = await picture(world)
    await invites.update({ id: made.id, metadata: { zebra: 1, a: { second: 2, b: 3 }, list: [{ y: 1, x: 2 }] } }, admin)
    await invites.update({ id: made.id, metadata: { list: [{ x: 2, y: 1 }], a: { b: 3, second: 2 }, zebra: 1 } }, admin)
    expect(await picture(world)).toEqual(before)
    await invites.update({ id: made.id, metadata: { zebra: 2 } }, admin)
    expect((await invites.get({ id: made.id }, admin)).metadata).toEqual({ zebra: 2 })
  })

  test('a Standard Schema checks it, gives it its defaults, and says where it is wrong', async () => {
    const metadata = z.object({ team: z.string().trim(), seats: z.number().int().default(1) })
    const world = await given({ metadata } as never)
    const { invite, invites, admin, email } = world
    const { invite: made } = await invite('ada', { metadata: { team: ' blue ' } })
    expect(made.metadata).toEqual({ team: 'blue', seats: 1 })
    const before = await picture(world)
    expect(await rejection(invite('bob', { metadata: { team: 7 } }))).toMatchObject({
      code: 'invalid_input',
      errors: [{ path: 'metadata.team' }],
    })
    expect(await rejection(invite('bob'))).toMatchObject({ errors: [{ path: 'metadata.team' }] })
    expect(await rejection(invites.update({ id: made.id, metadata: { seats: 2 } }, admin))).toMatchObject({
      errors: [{ path: 'metadata.team' }],
    })
    expect(await picture(world)).toEqual(before)
    const { results } = await invites.createMany(
      {
        defaults: { role: 'member', metadata: { team: 'red' } },
        invites: [{ recipient: { email: email('cy') } }, { recipient: { email: email('di') }, metadata: { seats: 'x' } }],
      },
      admin,
    )
    expect(results[0]?.invite?.metadata).toEqual({ team: 'red', seats: 1 })
    expect(results[1]?.error).toMatchObject({ code: 'invalid_input', errors: [{ path: 'invites.1.metadata.team' }, {}] })
  })

  test('a small value that is a huge text is refused before it is written', async () => {
    const { invite } = await given()
    const folded = Array.from({ length: 12 }).reduce<object>(x => ({ a: x, b: x, c: x, d: x, e: x, f: x }), {})
    for (const metadata of [{ folded }, { list: new Array(2 ** 28) }])
      expect(await rejection(invite('ada', { metadata } as never))).toMatchObject({
        errors: [{ detail: 'must have at most 16384 characters' }],
      })
  })

  test('an asynchronous schema is waited for', async () => {
    const slow = z.object({ team: z.string().refine(async team => team === 'blue', 'no such team') })
    const { invite } = await given({ metadata: slow } as never)
    expect(await codeOf(invite('ada', { metadata: { team: 'blue' } }))).toBe('ok')
    expect(await rejection(invite('bob', { metadata: { team: 'red' } }))).toMatchObject({
      errors: [{ path: 'metadata.team', detail: 'no such team' }],
    })
  })

  test('what a schema answers is checked like what was typed: it is stored as JSON, or refused by name', async () => {
    const answers: readonly [answer: unknown, path: string][] = [
      ['text', 'metadata'],
      [null, 'metadata'],
      [new Map([['a', 1]]), 'metadata'],
      [{ when: new Date(0) }, 'metadata.when'],
      [{ big: 1n }, 'metadata.big'],
      [{ seats: Number.NaN }, 'metadata.seats'],
      [{ team: 'a\0b' }, 'metadata.team'],
      [{ team: '\ud800' }, 'metadata.team'],
      [{ long: 'x'.repeat(20_000) }, 'metadata'],
    ]
    let answer: unknown = { team: 'blue' }
    const world = await given({ metadata: z.unknown().transform(() => answer) } as never)
    const { invite, invites, admin, email } = world
    const { invite: made } = await invite('ada')
    const before = await picture(world)
    for (const [value, path] of answers) {
      answer = value
      const refusal = { code: 'invalid_input', errors: [{ path, detail: expect.stringContaining('as the schema answers it') }] }
      expect(await rejection(invite('bob'))).toEqual(expect.objectContaining(refusal))
      expect(await rejection(invites.update({ id: made.id, metadata: {} }, admin))).toEqual(expect.objectContaining(refusal))
      const items = { invites: [{ recipient: { email: email('bob') }, role: 'member' }] }
      const { results } = await invites.createMany(items, admin)
      expect(results[0]?.error).toMatchObject({ code: 'invalid_input', errors: [{ path: `invites.0.${path}` }] })
    }
    expect(await picture(world)).toEqual(before)
    answer = { team: 'red', left: undefined, none: Object.create(null) }
    const kept = { team: 'red', none: {} }
    expect((await invite('cy')).invite.metadata).toStrictEqual(kept)
    expect((await invites.update({ id: made.id, metadata: {} }, admin)).invite.metadata).toStrictEqual(kept)
    expect((await invites.get({ id: made.id }, admin)).metadata).toStrictEqual(kept)
  })

  test('extra is never listed, emitted or mailed', async () => {
    const { invite, invites, admin, mailbox, user, store } = await given()
    const events: InviteEvent[] = []
    const stop = invites.on('*', event => void events.push(event))
    const word = `extra${Math.random().toString(36).slice(2)}`
    const made = await invite('ada', { extra: { note: word } })
    const shown = [
      made,
      await invites.get({ id: made.invite.id }, admin),
      await invites.list({ include: ['link'] }, admin),
      await invites.history({ id: made.invite.id }, admin),
      await invites.mine({}, user('ada')),
      await invites.accept({ id: made.invite.id }, user('ada')),
      await invites.summary({}, admin),
      events,
      mailbox.messages,
    ]
    expect(events.map(({ type }) => type)).toEqual(['invite.created', 'invite.sent', 'invite.accepted'])
    for (const each of shown) expect(JSON.stringify(each)).not.toContain(word)
    expect(store.handed()).toContain(word)
    stop()
  })
})
