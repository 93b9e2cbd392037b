// Bad input: each has its own code, with a path where there is one; nothing is written, and nothing breaks inside.
import { expect, test } from 'vitest'
import { cases } from './badinput.ts'
import { onEveryStorage, picture, rejection } from './given.ts'

onEveryStorage(given => {
  test(`bad input is invalid_input, says where, and writes nothing: ${cases.length} cases`, async () => {
    const world = await given()
    const { invite, link } = await world.invite('ada')
    const before = await picture(world)
    for (const [name, path, call] of cases) {
      const refused = await rejection(call(world, { id: invite.id, token: link.slice(-48) }))
      const paths = refused?.code === 'invalid_input' ? refused.errors.map(error => error.path) : []
      expect({ name, code: refused?.code, paths }).toEqual({
        name,
        code: 'invalid_input',
        paths: expect.arrayContaining([path]),
      })
    }
    expect(await picture(world)).toEqual(before)
  })

  test('an unknown role names the roles that there are', async () => {
    const world = await given()
    const roles = ['owner', 'admin', 'member', 'viewer']
    for (const role of ['boss', 'constructor', '__proto__', 'Admin']) {
      expect(await rejection(world.invite('ada', { role }))).toEqual({ code: 'role_unknown', role, roles })
    }
    expect(await world.all()).toEqual([])
  })
})
