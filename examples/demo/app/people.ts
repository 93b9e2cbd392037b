// The host's own users, sessions and members: what an app has before it invites anybody.
import { randomUUID } from 'node:crypto'
import type { Request, Response } from 'express'
import type { Actor } from 'invitekit'
import type { Db } from '../data/db.ts'

export const team = { id: 'compilers', name: 'Compiler Club' }

export const roles = { admin: { grants: ['member', 'viewer'] }, member: {}, viewer: {} } as const
export type Role = keyof typeof roles

export interface User {
  readonly id: string
  readonly email: string
  readonly name: string
}
export type Member = User & { readonly role: Role }

/** Grace and the invitee use two tabs of one browser, so each has a session cookie of its own. */
export type Browser = 'grace' | 'guest'

export type People = ReturnType<typeof createPeople>

export function createPeople<Tx>({ query }: Db<Tx>) {
  const first = async <T>(text: string, ...values: string[]) => ((await query(text, values)) as unknown as T[])[0] ?? null
  const byEmail = (email: string) =>
    first<User>('select id, email, name from users where email = $1', email.trim().toLowerCase())
  const find = (id: string) => first<User>('select id, email, name from users where id = $1', id)
  const roleOf = async (user: User) =>
    (await first<Member>('select role from memberships where team_id = $1 and user_id = $2', team.id, user.id))?.role ?? null

  async function signUp(name: string, email: string, id: string = randomUUID()): Promise<User> {
    const user = { id, email: email.trim().toLowerCase(), name: name.trim() }
    await query('insert into users (id, email, name) values ($1, $2, $3) on conflict do nothing', [id, user.email, user.name])
    return user
  }

  async function signIn(res: Response, user: User, browser: Browser = 'guest'): Promise<void> {
    const id = randomUUID()
    await query('insert into sessions (id, user_id) values ($1, $2)', [id, user.id])
    res.cookie(browser, id, { httpOnly: true, sameSite: 'lax', path: '/' })
  }

  const userOf = (req: Request, browser: Browser = 'guest') =>
    first<User>(
      'select u.id, u.email, u.name from users u join sessions s on s.user_id = u.id where s.id = $1',
      cookieOf(req, browser),
    )

  /** The `actor` function for invitekit. It reads the session, never the input of the request. */
  async function actor(req: Request, browser: Browser = 'guest'): Promise<Actor | null> {
    const user = await userOf(req, browser)
    return user && toActor(user, await roleOf(user))
  }

  async function seed(): Promise<void> {
    const grace = await signUp('Grace Hopper', 'grace@acme.example', 'grace')
    const alan = await signUp('Alan Turing', 'alan@acme.example', 'alan')
    await signUp('Katherine Johnson', 'katherine@example.com', 'katherine')
    const add = 'insert into memberships (team_id, user_id, role) values ($1, $2, $3) on conflict do nothing'
    await query(add, [team.id, grace.id, 'admin'])
    await query(add, [team.id, alan.id, 'member'])
  }

  const members = async () =>
    (await query(
      'select u.id, u.email, u.name, m.role from memberships m join users u on u.id = m.user_id where m.team_id = $1 order by u.name',
      [team.id],
    )) as unknown as readonly Member[]

  const hasAccount = async ({ email }: { readonly email?: string | undefined }) =>
    email !== undefined && (await byEmail(email)) !== null

  return { byEmail, find, signUp, signIn, userOf, roleOf, actor, members, hasAccount, seed }
}

/** `emailVerified` is the app's own statement. A real app sends a code to the address first; this one does not. */
const toActor = ({ id, email, name }: User, role: Role | null): Actor => ({
  userId: id,
  email,
  emailVerified: true,
  name,
  ...(role && { organizationId: team.id, role }),
})

export const graceActor: Actor = toActor({ id: 'grace', email: 'grace@acme.example', name: 'Grace Hopper' }, 'admin')

function cookieOf(req: Request, name: string): string {
  const pairs = (req.headers.cookie ?? '').split('; ').map(pair => pair.split('='))
  return pairs.find(([key]) => key === name)?.[1] ?? ''
}
