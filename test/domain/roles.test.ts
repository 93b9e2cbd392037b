// Roles: nobody grants what they may not grant, by any path.
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { Command } from '../../src/domain/command.ts'
import { defaultRoles, grantsOf, isRole, mayGrant, type RoleRules, refuseGrant } from '../../src/domain/roles.ts'
import * as ask from './ask.ts'
import * as g from './given.ts'

describe('the default roles', () => {
  test.each([
    ['owner', ['admin', 'member', 'viewer']],
    ['admin', ['member', 'viewer']],
    ['member', []],
    ['viewer', []],
  ])('%s grants %j', (role, grants) => {
    expect(grantsOf(defaultRoles, role)).toEqual(grants)
  })

  test('nobody grants owner', () => {
    for (const role of ['owner', 'admin', 'member', 'viewer']) expect(mayGrant(defaultRoles, role, 'owner')).toBe(false)
  })
})

test.each([null, '', 'root', 'Owner', 'constructor', '__proto__', 'toString'])('the unknown role %j grants nothing', role => {
  expect(grantsOf(defaultRoles, role)).toEqual([])
  expect(role !== null && isRole(defaultRoles, role)).toBe(false)
})

test('no role is not a role by the name of null, and an inherited name is no role', () => {
  expect(grantsOf({ null: { grants: ['member'] }, member: {} }, null)).toEqual([])
  const inherited: RoleRules = Object.create({ boss: { grants: ['member'] } })
  expect(grantsOf(inherited, 'boss')).toEqual([])
})

test('a role that grants nothing gets forbidden; one that grants others but not this, role_not_grantable', () => {
  expect(refuseGrant(defaultRoles, 'member', 'viewer')?.rejection).toEqual({ code: 'forbidden' })
  expect(refuseGrant(defaultRoles, null, 'viewer')?.rejection).toEqual({ code: 'forbidden' })
  expect(refuseGrant(defaultRoles, 'admin', 'admin')?.rejection).toEqual({ code: 'role_not_grantable', role: 'admin' })
  expect(refuseGrant(defaultRoles, 'owner', 'admin')).toBeNull()
})

const names = fc.constantFrom('a', 'b', 'c', 'd', '__proto__')
const someRoles: fc.Arbitrary<RoleRules> = fc.dictionary(
  names,
  fc.oneof(fc.constant({}), fc.record({ grants: fc.array(names) })),
)

test('law: one question answers for every path', () => {
  fc.assert(
    fc.property(someRoles, fc.option(names), names, (roles, granter, role) => {
      const may = mayGrant(roles, granter, role)
      expect(may).toBe(grantsOf(roles, granter).includes(role))
      expect(refuseGrant(roles, granter, role) === null).toBe(may)
    }),
  )
})

describe.each<[string, (actor: typeof g.admin) => Command]>([
  ['create', actor => ask.create({ actor, role: 'admin' })],
  ['resend', actor => ask.resend({ actor })],
  ['revoke', actor => ask.revoke({ actor })],
  ['update to a lower role', actor => ask.update({ actor, changes: { role: 'viewer' } })],
  ['update of names alone', actor => ask.update({ actor, changes: { metadata: { team: 1 } } })],
  ['erase', actor => ask.erase({ actor })],
])('%s, of an invite for an admin', (name, command) => {
  const state =
    name === 'create' ? g.given() : g.given({ invites: [g.invite({ role: 'admin', inviterId: 'olga', inviterRole: 'owner' })] })

  test('is for owners', () => {
    expect(g.when(state, command(g.owner)).code).toBeNull()
  })
  test('is role_not_grantable for admins', () => {
    expect(g.when(state, command(g.admin)).rejection).toEqual({ code: 'role_not_grantable', role: 'admin' })
  })
  test.each([g.viewer, g.ada, g.person('eve', { role: 'superuser' })])('is forbidden for $role', actor => {
    expect(g.when(state, command(actor)).code).toBe('forbidden')
  })
})

test('an update needs the right to grant the new role, too', () => {
  const state = g.given({ invites: [g.invite({ role: 'member' })] })
  expect(g.when(state, ask.update({ changes: { role: 'admin' } })).rejection).toEqual({
    code: 'role_not_grantable',
    role: 'admin',
  })
  expect(g.when(state, ask.update({ actor: g.owner, changes: { role: 'admin' } })).invite?.role).toBe('admin')
})

test('a role that the host never named is role_unknown, with the names that there are', () => {
  const unknown = { code: 'role_unknown', role: 'boss', roles: ['owner', 'admin', 'member', 'viewer'] }
  expect(g.when(g.given(), ask.create({ role: 'boss' })).rejection).toEqual(unknown)
  expect(g.when(g.given({ invites: [g.invite()] }), ask.update({ changes: { role: 'boss' } })).rejection).toEqual(unknown)
  expect(g.when(g.given(), ask.create({ role: 'constructor' })).code).toBe('role_unknown')
})

test('role rules do not apply to the system: it may even invite an owner', () => {
  const { invite } = g.when(g.given(), ask.create({ actor: 'system', role: 'owner' }))
  expect(invite).toMatchObject({ role: 'owner', inviterId: null, inviterRole: null, inviterName: null })
})

test('an API key grants what its role grants, without being an inviter', () => {
  expect(g.when(g.given(), ask.create({ actor: g.apiKey })).invite).toMatchObject({ inviterId: null, inviterRole: 'admin' })
  expect(g.when(g.given(), ask.create({ actor: g.apiKey, role: 'admin' })).code).toBe('role_not_grantable')
})
