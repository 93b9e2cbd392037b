// The same invites, with each call written down. An app needs nothing of this.
import { inspect } from 'node:util'
import { type Actor, type Invites, isInviteError } from 'invitekit'
import type { Role } from '../app/people.ts'
import type { Ledger } from './ledger.ts'

const titles = {
  create: 'Invites',
  resend: 'Sends it again',
  revoke: 'Takes the invite back',
  link: 'Copies the link',
  open: 'Goes on from the link',
  accept: 'Accepts',
  decline: 'Declines',
  renew: 'Asks for a new invite',
} as const

export function recorded<Tx>(invites: Invites<Role, Tx>, ledger: Ledger): Invites<Role, Tx> {
  const calls = Object.fromEntries(
    Object.entries(titles).map(([name, title]) => {
      const call = invites[name as keyof typeof titles] as (...args: unknown[]) => Promise<unknown>
      const record = (input: unknown, context: unknown) => {
        const { actor } = (context ?? {}) as { actor?: Actor | null }
        const told = {
          who: actor?.name ?? 'Whoever has the link',
          title,
          call: written(name, brief(input), who(name, actor)),
        }
        return ledger.record(told, () => call(input, context), outcomeOf)
      }
      return [name, record]
    }),
  )
  return { ...invites, ...calls }
}

const outcomeOf = (result: unknown, error: unknown) =>
  error === null
    ? { answer: result === undefined ? null : brief(result) }
    : { answer: isInviteError(error) ? `InviteError ${brief(error.facts)}` : String(error), isRefusal: true }

/** On one line when it is short. */
const written = (name: string, ...parts: readonly string[]) =>
  parts.join().length < 40
    ? `invites.${name}(${parts.join(', ')})`
    : `invites.${name}(\n  ${parts.join(',\n').replaceAll('\n', '\n  ')}\n)`

/** As much of the actor as the call asks for: of a manager the organization, of an invitee the address. */
function who(name: string, actor: Actor | null | undefined): string {
  if (!actor) return '{}'
  const { userId, organizationId, role, email, emailVerified } = actor
  const isManager = ['create', 'resend', 'revoke', 'link'].includes(name)
  return `{ actor: ${brief(isManager ? { userId, organizationId, role } : { userId, email, emailVerified })} }`
}

/** As code, on few lines: an invite by its id and status, a secret by its beginning. */
function brief(value: unknown): string {
  const short = JSON.parse(JSON.stringify(value), (key, inner) => {
    if (key === 'invite') return { id: inner.id, status: inner.status }
    if (['token', 'id', 'userId', 'existingId'].includes(key)) return shortened(String(inner))
    if (key === 'link') return inner.replace(/[\w-]{40,}/, shortened)
    return inner === null ? undefined : inner
  })
  return inspect(short, { depth: 4, breakLength: 50, compact: 2 })
}

/** Of an id the end: the beginning is the time. Of a secret only the beginning. */
const shortened = (text: string) => (text.length > 40 ? `${text.slice(0, 4)}…` : text.length > 20 ? `…${text.slice(-4)}` : text)
