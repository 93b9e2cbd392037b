// Every command on an invite in every state, personal and open: what it is answered, and what it adds to the history.
import { describe, expect, test } from 'vitest'
import { codeOf, onEveryStorage, picture, tokenIn, type World } from './given.ts'

const states = ['pending', 'past', 'accepted by the same', 'accepted by another', 'declined', 'revoked'] as const
type State = (typeof states)[number]

/** A code is a rejection; a list is a success, and what it adds to the history. Typed by hand from `domain.md`. */
type Cell = string | readonly string[]
type Row = Readonly<Record<State, Cell>>

const row = (...cells: readonly [Cell, Cell, Cell, Cell, Cell, Cell]): Row =>
  Object.fromEntries(states.map((state, index) => [state, cells[index]])) as Row

const already = 'invite_already_accepted'
const sent = ['invite.resent', 'invite.sent']
const gone = ['invite.revoked', 'invite.erased']
const ask = ['invite.renewal_requested']

const personal: Readonly<Record<string, Row>> = {
  accept: row(['invite.accepted'], 'invite_expired', [], already, 'invite_declined', 'invite_revoked'),
  decline: row(['invite.declined'], 'invite_expired', already, already, [], 'invite_revoked'),
  resend: row(sent, ['invite.expired', ...sent], already, already, 'invite_declined', 'invite_revoked'),
  revoke: row(['invite.revoked'], ['invite.revoked'], already, already, 'invite_declined', []),
  update: row(['invite.updated'], 'invite_expired', already, already, 'invite_declined', 'invite_revoked'),
  open: row(['invite.opened'], [], [], [], [], []),
  erase: row(gone, gone, ['invite.erased'], ['invite.erased'], ['invite.erased'], ['invite.erased']),
  renew: row([], ask, already, already, 'invite_declined', ask),
  sweep: row([], ['invite.expired'], [], [], [], []),
}

/** An open invite is for one use here, and cannot be declined. */
const open: Readonly<Record<string, Row>> = {
  accept: row(['invite.accepted'], 'invite_expired', [], 'uses_exhausted', '', 'invite_revoked'),
  decline: row('not_declinable', 'invite_expired', already, already, '', 'invite_revoked'),
  resend: row(['invite.resent'], ['invite.expired', 'invite.resent'], already, already, '', 'invite_revoked'),
  revoke: row(['invite.revoked'], ['invite.revoked'], already, already, '', []),
  update: row(['invite.updated'], 'invite_expired', already, already, '', 'invite_revoked'),
  open: row(['invite.opened'], [], [], [], '', []),
  erase: row(gone, gone, ['invite.erased'], ['invite.erased'], '', ['invite.erased']),
  renew: row([], ask, already, already, '', ask),
  sweep: row([], ['invite.expired'], [], [], '', []),
}

const ends: Readonly<Record<string, string>> = {
  'invite.accepted': 'accepted',
  'invite.declined': 'declined',
  'invite.revoked': 'revoked',
  'invite.expired': 'expired',
  'invite.resent': 'pending',
}

async function bringTo(state: State, world: World, { id, token }: { id: string; token: string }): Promise<void> {
  const { invites, clock, admin, user } = world
  if (state === 'past') clock.advance('7d')
  if (state === 'accepted by the same') await invites.accept({ token }, user('ada'))
  if (state === 'accepted by another') await invites.accept({ token }, user('ada', { userId: 'ada-2' }))
  if (state === 'declined') await invites.decline({ token, reason: 'no time' })
  if (state === 'revoked') await invites.revoke({ id, reason: 'a mistake' }, admin)
}

function run(command: string, { invites, admin, user }: World, { id, token }: { id: string; token: string }): Promise<unknown> {
  switch (command) {
    case 'accept':
      return invites.accept({ token }, user('ada'))
    case 'decline':
      return invites.decline({ token }, user('ada'))
    case 'resend':
      return invites.resend({ id }, admin)
    case 'revoke':
      return invites.revoke({ id }, admin)
    case 'update':
      return invites.update({ id, role: 'viewer' }, admin)
    case 'open':
      return invites.open({ token })
    case 'erase':
      return invites.erase({ id }, admin)
    case 'renew':
      return invites.renew({ token })
    default:
      return invites.sweep()
  }
}

onEveryStorage(given => {
  for (const [kind, table] of Object.entries({ personal, open })) {
    describe(`${kind} invites`, () => {
      const cells = Object.entries(table).flatMap(([command, cells]) =>
        states.flatMap(state => (cells[state] === '' ? [] : [{ command, state, cell: cells[state] }])),
      )
      test.each(cells)('$command, $state: $cell', async ({ command, state, cell }) => {
        const world = await given()
        const made = kind === 'open' ? await world.openInvite({ maxUses: 1 }) : await world.invite('ada')
        const one = { id: made.invite.id, token: tokenIn(made.link) }
        await bringTo(state, world, one)
        const before = await picture(world)
        const historyBefore = await world.history(one.id)

        const code = await codeOf(run(command, world, one))

        const added = (await world.history(one.id)).slice(historyBefore.length)
        expect({ code, added }).toEqual(typeof cell === 'string' ? { code: cell, added: [] } : { code: 'ok', added: cell })
        if (added.length === 0) expect(await picture(world)).toEqual(before)
        const status = added.map(type => ends[type]).findLast(Boolean)
        if (status) expect((await world.invites.get({ id: one.id }, world.admin)).status).toBe(status)
      })
    })
  }
})
