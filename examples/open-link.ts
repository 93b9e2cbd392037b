// One link for many: whoever holds it may join, as often as `maxUses` says.
//
//   npx tsx examples/open-link.ts
import { randomBytes } from 'node:crypto'
import { type Actor, createInvites, isInviteError } from 'invitekit'
import { sqliteStorage } from 'invitekit/sqlite'

export const invites = createInvites({
  storage: sqliteStorage({ database: process.env['DATABASE_FILE'] ?? ':memory:' }),
  keys: [process.env['INVITE_KEY'] ?? randomBytes(32)], // store a key: with a random one, links end with the process
  publicUrl: 'https://app.example.com/invites',
})
await invites.migrate()

const actor: Actor = { userId: 'ada', organizationId: 'acme', role: 'owner' }

/** Two uses, for a day. There is no address, so nothing is sent: post the link where people find it. */
export const { link } = await invites.create({ kind: 'open', role: 'viewer', maxUses: 2, expiresIn: '1d' }, { actor })
console.log(link)

/** What the route behind the link does once somebody is signed in. Accepting twice counts as one use. */
export async function join(link: string, userId: string): Promise<string> {
  const token = link.split('/').at(-1) ?? ''
  try {
    const { repeated } = await invites.accept({ token }, { actor: { userId } })
    return repeated ? 'already in' : 'joined'
  } catch (error) {
    if (isInviteError(error) && error.code === 'uses_exhausted') return 'the places are taken'
    throw error
  }
}

// However many accept at once, exactly two succeed.
export const answers = await Promise.all(['grace', 'alan', 'mary'].map(userId => join(link, userId)))
console.log(answers)

// `invites.revoke({ id }, { actor })` ends the link before that. Whoever has joined stays a member.
