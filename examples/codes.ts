// A short code beside the link: to read out, to print, to type on another device.
//
//   npx tsx examples/codes.ts
import { randomBytes } from 'node:crypto'
import { type Actor, createInvites, isInviteError } from 'invitekit'
import { sqliteStorage } from 'invitekit/sqlite'

export const invites = createInvites({
  storage: sqliteStorage({ database: process.env['DATABASE_FILE'] ?? ':memory:' }),
  keys: [process.env['INVITE_KEY'] ?? randomBytes(32)], // store a key: with a random one, links end with the process
  publicUrl: 'https://app.example.com/invites',
  roles: { teacher: { grants: ['pupil'] }, pupil: {} },
  directory: { organization: () => ({ name: 'Class 7b' }) },
})
await invites.migrate()

const teacher: Actor = { userId: 'ada', organizationId: 'class-7b', role: 'teacher' }

/** `create` returns the code; `invites.link({ id })` returns it again. */
export const { code = '' } = await invites.create(
  { kind: 'open', role: 'pupil', maxUses: 30, expiresIn: '2h', code: true },
  { actor: teacher },
)
console.log(`On the blackboard: ${code}`)

/** What a pupil sees before joining. A preview does not count as a use. */
export async function look(typed: string): Promise<string> {
  try {
    const { organization, role, status } = await invites.preview({ code: typed })
    return status === 'pending' ? `Join ${organization.name} as ${role}?` : `This code is ${status}.`
  } catch (error) {
    if (isInviteError(error) && error.code === 'invite_not_found') return 'There is no such code.'
    throw error
  }
}

// Case, spaces and dashes do not matter. The routers limit how often a client may try codes; a form of your own must do the same.
console.log(await look(code.toLowerCase()))
console.log(await look('0000-0000'))

const { member } = await invites.accept({ code }, { actor: { userId: 'grace' } })
console.log(member)
