// Random stories for the laws: commands that name people and invites by number, and one way to tell what came of them.
import fc from 'fast-check'
import { type CreateInput, type Invite, isInviteError } from 'invitekit'
import { tokenIn, type World } from './given.ts'

export interface Step {
  readonly do: string
  readonly as?: string
  readonly who?: string | null
  readonly many?: readonly string[]
  readonly nth?: number
  readonly by?: 'token' | 'id' | 'code'
  readonly ms?: number
  readonly key?: string | undefined
  readonly terms?: object
}

const people = ['ada', 'bob', 'cy']
const who = fc.constantFrom(...people)
const as = fc.constantFrom('owner', 'admin', 'member')
const role = fc.constantFrom('admin', 'member', 'viewer', 'owner')
const nth = fc.nat({ max: 5 })

type Details = { readonly [K in keyof Omit<Step, 'do'>]: fc.Arbitrary<Step[K]> }
const step = (weight: number, name: string, details: Details = {}) => ({
  weight,
  arbitrary: fc.record({ do: fc.constant(name), ...details }) as fc.Arbitrary<Step>,
})

const terms = fc.record({
  role,
  ifPending: fc.constantFrom('error', 'return', 'resend'),
  expiresIn: fc.constantFrom('1h', '2d', null),
  metadata: fc.constantFrom({ zz: 1, a: 2 }, { a: 2, zz: 1 }, {}, { deep: { y: [1], x: null } }),
  code: fc.boolean(),
  send: fc.boolean(),
})

export const stories = fc.array(
  fc.oneof(
    step(6, 'create', { who, as, terms, key: fc.constantFrom(undefined, undefined, 'k1', 'k2') }),
    step(2, 'open invite', { as, terms: fc.record({ maxUses: fc.constantFrom(1, 2, undefined) }) }),
    step(2, 'bulk', { as, many: fc.array(who, { minLength: 1, maxLength: 4 }), terms: fc.record({ dryRun: fc.boolean() }) }),
    step(6, 'accept', { nth, who, by: fc.constantFrom('token', 'id', 'code') }),
    step(2, 'decline', { nth, who: fc.constantFrom(...people, null) }),
    step(3, 'resend', { nth, as, terms: fc.record({ rotate: fc.boolean() }) }),
    step(2, 'revoke', { nth, as }),
    step(2, 'update', { nth, as, terms: fc.record({ role, metadata: fc.constantFrom({ a: 2, zz: 1 }, { b: [] }) }) }),
    step(1, 'erase', { nth, as }),
    step(1, 'open', { nth }),
    step(1, 'renew', { nth }),
    step(1, 'link', { nth, as }),
    step(2, 'wait', { ms: fc.constantFrom(1000, 3_600_000, 90_000_000) }),
    step(1, 'add member', { as, who, terms: fc.record({ role }) }),
    step(1, 'remove member', { as, who }),
    step(1, 'list', { as, terms: fc.record({ sort: fc.constantFrom('expiresAt', '-updatedAt', 'createdAt') }) }),
    step(1, 'mine', { who }),
    step(1, 'summary', { as }),
  ),
  { minLength: 1, maxLength: 16 },
)

interface Made {
  readonly id: string
  readonly link: string
  readonly code: string
}

/** Lives through a story: what each step answered or was refused with, and how everything stood in the end. */
export async function live(world: World, story: readonly Step[]): Promise<unknown> {
  const made: Made[] = []
  const answers: unknown[] = []
  for (const each of story) {
    answers.push(
      await act(world, each, made).catch((error: unknown) => {
        if (isInviteError(error)) return { refused: error.facts }
        throw error
      }),
    )
  }
  const histories = await Promise.all((await world.all()).map(({ id }) => world.invites.history({ id }, world.system)))
  const members = await world.invites.members.list({}, world.system)
  const mails = world.mailbox.messages.map(({ to, subject }) => `${to} ${subject}`).sort()
  return plain(world, { answers, invites: await world.all(), histories, members, mails })
}

async function act(world: World, each: Step, made: Made[]): Promise<unknown> {
  const { invites, clock, email, org } = world
  const { terms = {}, by = 'token', key, who } = each
  const name = who ?? 'ada'
  // Wrong codes are counted by user, in all organizations together.
  const userId = `${name}-${org}`
  const person = world.user(name, { userId })
  const context = world.staff(each.as ?? 'admin', org)
  const { id, link, code } = made[(each.nth ?? 0) % Math.max(1, made.length)] ?? nobody
  const token = link === '' ? '' : tokenIn(link)
  const keep = <T extends { readonly invite: Invite; readonly link: string; readonly code?: string }>(answer: T): T => {
    made.push({ id: answer.invite.id, link: answer.link, code: answer.code ?? 'XXXXXXXXXX' })
    return answer
  }
  switch (each.do) {
    case 'create': {
      const input = { recipient: { email: email(name) }, ...terms } as CreateInput
      return keep(await invites.create(input, { ...context, idempotencyKey: key }))
    }
    case 'open invite':
      return keep(await invites.create({ kind: 'open', role: 'member', ...terms }, context))
    case 'bulk': {
      const items = (each.many ?? []).map(one => ({ recipient: { email: email(one) }, send: false }))
      return invites.createMany({ invites: items, defaults: { role: 'member' }, ...terms }, context)
    }
    case 'accept':
      return invites.accept({ [by]: { token, id, code }[by] } as { token: string }, person)
    case 'decline':
      return invites.decline({ token }, who === null ? {} : person)
    case 'resend':
      return invites.resend({ id, ...terms }, context)
    case 'revoke':
      return invites.revoke({ id }, context)
    case 'update':
      return invites.update({ id, ...terms }, context)
    case 'erase':
      return invites.erase({ id }, context)
    case 'open':
      return invites.open({ token })
    case 'renew':
      return invites.renew({ token })
    case 'link':
      return invites.link({ id }, context)
    case 'wait':
      return clock.advance(each.ms ?? 0)
    case 'add member':
      return invites.members.add({ userId, email: email(name), role: 'member', ...terms }, context)
    case 'remove member':
      return invites.members.remove({ userId }, context)
    case 'list':
      return invites.list({ limit: 2, include: ['total', 'link'], ...terms }, context)
    case 'mine':
      return invites.mine({}, person)
    default:
      return invites.summary({}, context)
  }
}

const nobody: Made = { id: '00000000-0000-7000-8000-000000000000', link: '', code: '0000000000' }

/** Without what differs from one store to another: ids by order of appearance, keys in order, secrets as a mark. */
function plain({ org }: World, value: unknown): unknown {
  const ids = new Map<string, string>()
  const name = (id: string) => ids.set(id, ids.get(id) ?? `id ${ids.size}`).get(id) ?? id
  const secret = ['link', 'code', 'nextCursor']
  const text = JSON.stringify(value, (key, part: unknown) => {
    if (key === 'sequence') return undefined
    if (secret.includes(key) && typeof part === 'string' && !/^[a-z_]+$/.test(part)) return 'there'
    if (typeof part !== 'object' || part === null || Array.isArray(part)) return part
    return Object.fromEntries(Object.entries(part).sort(([a], [b]) => (a < b ? -1 : 1)))
  })
  const uuid = /[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/g
  return JSON.parse(text.replaceAll(org, 'ORG').replace(uuid, name))
}
