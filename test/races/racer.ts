// One process of a race: it connects, waits for the start, makes its calls all at once, and tells how each ended.
import { isInviteError, type Limits } from 'invitekit'
import { asProcess } from '../support/processes.ts'
import { openInvites, type Place } from './stores.ts'

export type Call =
  | { readonly do: 'create'; readonly email: string }
  | { readonly do: 'accept'; readonly token: string; readonly userId: string; readonly email: string }
  | { readonly do: 'revoke' | 'resend'; readonly id: string }
  | { readonly do: 'decline'; readonly token: string }
  | { readonly do: 'bulk'; readonly emails: readonly string[] }

export interface RacerArgs {
  readonly place: Place
  readonly organizationId: string
  readonly limits?: Limits
  readonly calls: readonly Call[]
}

await asProcess<RacerArgs>(async ({ place, organizationId, limits = {}, calls }, ready) => {
  const { invites, close } = openInvites(place, { limits })
  const system = { actor: 'system', organizationId } as const
  const run = (call: Call): Promise<unknown> => {
    switch (call.do) {
      case 'create':
        return invites.create({ recipient: { email: call.email }, role: 'member' }, system)
      case 'bulk':
        return invites.createMany({ invites: call.emails.map(email => ({ recipient: { email } })), defaults: { role: 'member' } }, system)
      case 'accept':
        return invites.accept({ token: call.token }, { actor: { userId: call.userId, email: call.email, emailVerified: true } })
      case 'decline':
        return invites.decline({ token: call.token })
      default:
        return invites[call.do]({ id: call.id }, system)
    }
  }
  await ready()
  const ends = await Promise.all(
    calls.map(call =>
      run(call).then(
        () => 'ok',
        (error: unknown) => (isInviteError(error) ? error.code : String(error)),
      ),
    ),
  )
  await close()
  return ends
})
