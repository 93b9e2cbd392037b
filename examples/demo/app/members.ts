// Grace's members page: every button is one call of the library, made with her session.
import express, { type Request, type Response, Router } from 'express'
import { type Actor, type Invites, isInviteError } from 'invitekit'
import { drawMembers, type Said } from './membersview.ts'
import type { People, Role } from './people.ts'

export function createMemberPages<Tx>(invites: Invites<Role, Tx>, people: People): Router {
  const router = Router()
  router.use(express.urlencoded({ extended: false }))

  router.get('/', async (req, res) => show(req, res, sayings[String(req.query['done'])] ?? null))

  act('/invites', 'invited', (req, actor) => {
    const [email, phone] = [text(req, 'email') || undefined, text(req, 'phone') || undefined]
    return invites.create({ recipient: { email, phone }, role: text(req, 'role') as Role }, { actor })
  })
  act('/invites/:id/resend', 'resent', (req, actor) => invites.resend({ id: idOf(req) }, { actor }))
  act('/invites/:id/revoke', 'revoked', (req, actor) => invites.revoke({ id: idOf(req) }, { actor }))

  router.post('/invites/:id/link', async (req, res) => {
    const actor = await people.actor(req, 'grace')
    if (!actor) return res.redirect(303, '/')
    try {
      const { link } = await invites.link({ id: idOf(req) }, { actor })
      if (req.accepts(['html', 'json']) === 'json') res.json({ link })
      else await show(req, res, { text: 'Anybody who holds this link can answer:', link })
    } catch (error) {
      await refused(req, res, error)
    }
  })

  /** One form, one call, and back to the page. */
  function act(path: string, done: string, call: (req: Request, actor: Actor) => Promise<unknown>): void {
    router.post(path, async (req, res) => {
      const actor = await people.actor(req, 'grace')
      if (!actor) return res.redirect(303, '/')
      try {
        await call(req, actor)
        res.redirect(303, `/members?done=${done}`)
      } catch (error) {
        await refused(req, res, error)
      }
    })
  }

  /** A refusal is a value with a code; anything else is a fault, and goes on to Express. */
  async function refused(req: Request, res: Response, error: unknown): Promise<void> {
    if (!isInviteError(error)) throw error
    res.status(409)
    await show(req, res, { text: `${error.message} (${error.code})`, bad: true })
  }

  async function show(req: Request, res: Response, said: Said | null): Promise<void> {
    const actor = await people.actor(req, 'grace')
    if (!actor) return res.redirect(303, '/')
    const [summary, { data }, members] = await Promise.all([
      invites.summary({}, { actor }),
      invites.list({ status: ['pending', 'declined', 'expired'], limit: 12 }, { actor }),
      people.members(),
    ])
    res.send(drawMembers({ summary, invites: data, members, said, name: actor.name ?? '' }))
  }

  return router
}

const sayings: Readonly<Record<string, Said>> = {
  invited: { text: 'Invited. The message is on its way.' },
  resent: { text: 'Sent again: the same link, a new message.' },
  revoked: { text: 'Revoked. The link no longer opens anything.' },
}

const text = (req: Request, name: string) => String(req.body?.[name] ?? '').trim()
const idOf = (req: Request) => String(req.params['id'])
