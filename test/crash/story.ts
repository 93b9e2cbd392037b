// What the killed process was doing: creating, sending again, revoking, accepting, joining, relaying.
import { isInviteError } from 'invitekit'
import type { App } from './app.ts'
import type { Step } from './steps.ts'

export interface Story {
  readonly app: App
  readonly organizationId: string
  readonly step: Step
}

/** Whoever has this name was only ever invited in a transaction that was rolled back. */
export const undone = 'mallory'
export const addressOf = (name: string, organizationId: string) => `${name}@${organizationId}.example.com`

export async function live({ app, organizationId, step }: Story): Promise<void> {
  const { invites } = app
  const context = { actor: 'system', organizationId } as const
  const input = (name: string) => ({ recipient: { email: addressOf(name, organizationId) }, role: 'member' })
  const create = (name: string) => invites.create(input(name), context)

  const [ada, bob] = await Promise.all([create('ada'), create('bob')])
  await refused(create('ada'), 'already_invited')
  const bulk = await invites.createMany({ invites: [input('cyd'), input('dan'), input('eve')] }, context)
  await invites.resend({ id: ada.invite.id }, context)
  await Promise.all([
    invites.revoke({ id: bob.invite.id }, context),
    invites.resend({ id: ada.invite.id, rotate: true }, context),
  ])
  await joined({ app, organizationId, step }, 'fay', 'commit')
  await joined({ app, organizationId, step }, undone, 'rollback')

  const cyd = bulk.results[0]
  if (!cyd?.invite) throw new Error('no invite for cyd')
  const { id } = cyd.invite
  const email = addressOf('cyd', organizationId)
  const accept = (userId: string) =>
    invites.accept({ id }, { actor: { userId, email, emailVerified: true } }).catch(unlessRefused)
  await Promise.all([accept('cyd'), accept('cyd again')])
  const many = ['gus', 'hal', 'ida'].map(name => create(name).catch(unlessRefused))
  await Promise.all(many)
  await invites.relay.drain()
}

async function joined({ app, organizationId, step }: Story, name: string, how: 'commit' | 'rollback'): Promise<void> {
  const { tx, end } = await app.begin()
  const recipient = { email: addressOf(name, organizationId) }
  await app.invites.create({ recipient, role: 'member' }, { actor: 'system', organizationId, tx })
  step(`before host ${how}`)
  await end(how)
  step(`after host ${how}`)
}

async function refused(call: Promise<unknown>, code: string): Promise<void> {
  const error = await call.then(
    () => null,
    (reason: unknown) => reason,
  )
  if (!isInviteError(error) || error.code !== code) throw new Error(`not ${code}`, { cause: error })
}

function unlessRefused(error: unknown): void {
  if (!isInviteError(error)) throw error
}
