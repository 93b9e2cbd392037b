// Roles: which role may grant which. Every call asks here.
import { type Rejected, reject } from './rejection.ts'

/** `{ admin: { grants: ['member'] }, member: {} }`: the host's role names, and which roles each may grant. */
export type RoleRules = { readonly [role: string]: { readonly grants?: readonly string[] | undefined } }

export const defaultRoles = {
  owner: { grants: ['admin', 'member', 'viewer'] },
  admin: { grants: ['member', 'viewer'] },
  member: {},
  viewer: {},
} as const satisfies RoleRules

export const isRole = (roles: RoleRules, role: string): boolean => Object.hasOwn(roles, role)

/** What this role may grant; an unknown role grants nothing. */
export const grantsOf = (roles: RoleRules, role: string | null): readonly string[] =>
  role !== null && isRole(roles, role) ? (roles[role]?.grants ?? []) : []

export const mayGrant = (roles: RoleRules, granter: string | null, role: string): boolean =>
  grantsOf(roles, granter).includes(role)

/** Null when the granter may; otherwise why not. A role that grants nothing at all is `forbidden`. */
export function refuseGrant(roles: RoleRules, granter: string | null, role: string): Rejected | null {
  if (mayGrant(roles, granter, role)) return null
  return grantsOf(roles, granter).length === 0 ? reject('forbidden', {}) : reject('role_not_grantable', { role })
}

/** Null for a role that there is. */
export const refuseUnknown = (roles: RoleRules, role: string): Rejected | null =>
  isRole(roles, role) ? null : reject('role_unknown', { role, roles: Object.keys(roles) })
