// The page that members see, and the page on which an invitee who lost the mail finds the invite.
import express, { type Request, type Response, Router } from 'express'
import { type Invite, type Invites, isInviteError } from 'invitekit'
import { type Html, html, page } from './html.ts'
import { type Member, type People, type Role, team } from './people.ts'

export function createNotesPages<Tx>(invites: Invites<Role, Tx>, people: People): Router {
  const router = Router()
  router.use(express.urlencoded({ extended: false }))

  router.get('/', (req, res) => show(req, res))

  // What is addressed to a verified address of ours can be accepted by its id.
  router.post('/accept', async (req, res) => {
    const actor = await people.actor(req)
    if (!actor) return res.redirect(303, '/sign-in')
    try {
      await invites.accept({ id: String(req.body?.['id']) }, { actor })
      res.redirect(303, '/notes')
    } catch (error) {
      if (!isInviteError(error)) throw error
      res.status(409)
      await show(req, res, error.message)
    }
  })

  async function show(req: Request, res: Response, problem?: string): Promise<void> {
    const user = await people.userOf(req)
    if (!user) return res.redirect(303, '/sign-in')
    const role = await people.roleOf(user)
    const { data: mine } = await invites.mine({}, { actor: await people.actor(req) })
    const content = role === null ? outside(user.name, mine) : inside(role, await people.members())
    res.send(
      page(
        'Notes',
        html`<header class="bar"><b>Acme Notes</b>
<form method="post" action="/sign-out"><span class="soft">${user.name}</span><button class="quiet">Sign out</button></form></header>
<main>${content}${problem !== undefined && html`<p class="bad" role="alert">${problem}</p>`}</main>`,
      ),
    )
  }

  return router
}

const inside = (role: Role, members: readonly Member[]): Html => html`<h1>${team.name}</h1>
<p class="good">You are in, as ${role}.</p>
<ul class="people">${members.map(each => html`<li><b>${each.name}</b><span class="tag">${each.role}</span></li>`)}</ul>`

const outside = (name: string, mine: readonly Invite<Role>[]): Html => html`<h1>Hello, ${name}</h1>
<p class="soft">You are in no team yet.${mine.length > 0 && ' But somebody waits for you:'}</p>
${mine.map(
  ({
    id,
    role,
  }) => html`<form class="card row" method="post" action="/notes/accept"><input type="hidden" name="id" value="${id}">
<span>An invite to <b>${team.name}</b> as ${role}</span><button class="main">Accept</button></form>`,
)}`
