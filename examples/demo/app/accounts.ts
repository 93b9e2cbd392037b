// Sign-in, sign-up and the notes: the host's own pages that an invitee passes, with the invite kept as `returnTo`.
import express, { type Request, Router } from 'express'
import type { Invites } from 'invitekit'
import { type Html, html, page } from './html.ts'
import { type People, type Role, team } from './people.ts'

export function createAccountPages<Tx>(invites: Invites<Role, Tx>, people: People): Router {
  const router = Router()
  router.use(express.urlencoded({ extended: false }))

  router.get('/sign-in', (req, res) => void res.send(signInPage(returnTo(req))))
  router.post('/sign-in', async (req, res) => {
    const user = await people.byEmail(text(req, 'email'))
    if (!user) return res.status(422).send(signInPage(returnTo(req), 'No account has this address. Create one instead?'))
    await people.signIn(res, user)
    res.redirect(303, returnTo(req))
  })

  router.get('/sign-up', (req, res) => void res.send(signUpPage(returnTo(req))))
  router.post('/sign-up', async (req, res) => {
    const [name, email] = [text(req, 'name'), text(req, 'email')]
    if (name === '' || !email.includes('@'))
      return res.status(422).send(signUpPage(returnTo(req), 'Tell us your name and address.'))
    if (await people.byEmail(email))
      return res.status(409).send(signUpPage(returnTo(req), 'This address has an account: sign in.'))
    await people.signIn(res, await people.signUp(name, email))
    res.redirect(303, returnTo(req))
  })

  router.post('/sign-out', (_req, res) => {
    res.clearCookie('guest')
    res.redirect(303, '/sign-in')
  })

  router.get('/notes', async (req, res) => {
    const user = await people.userOf(req)
    if (!user) return res.redirect(303, '/sign-in')
    const role = await people.roleOf(user)
    const { data: mine } = await invites.mine({}, { actor: await people.actor(req) })
    const members = role === null ? [] : await people.members()
    res.send(
      page(
        'Notes',
        html`${bar(user.name)}<main>
<h1>${role === null ? `Hello, ${user.name}` : team.name}</h1>
${
  role === null
    ? html`<p class="soft">You are in no team yet.${mine.length > 0 && ' But somebody waits for you:'}</p>`
    : html`<p class="good">You are in, as ${role}.</p>
<ul class="people">${members.map(each => html`<li><b>${each.name}</b><span class="tag">${each.role}</span></li>`)}</ul>`
}
${mine.map(
  invite => html`<form class="card row" method="post" action="/notes/accept"><input type="hidden" name="id" value="${invite.id}">
<span>An invite to <b>${team.name}</b> as ${invite.role}</span><button class="main">Accept</button></form>`,
)}</main>`,
      ),
    )
  })

  // People lose mails: what is addressed to a verified address of theirs can be accepted by its id.
  router.post('/notes/accept', async (req, res) => {
    const actor = await people.actor(req)
    if (actor) await invites.accept({ id: text(req, 'id') }, { actor })
    res.redirect(303, '/notes')
  })

  return router
}

const text = (req: Request, name: string) => String(req.body?.[name] ?? '').trim()

/** Only to pages of ours: whoever may choose where a sign-in leads can send people anywhere. */
function returnTo(req: Request): string {
  const wanted = String(req.body?.['returnTo'] ?? req.query['returnTo'] ?? '')
  const origin = `${req.protocol}://${req.get('host')}`
  const url = URL.canParse(wanted, origin) ? new URL(wanted, origin) : null
  return wanted !== '' && url?.origin === origin ? url.pathname + url.search : '/notes'
}

const bar = (name: string) => html`<header class="bar"><b>Acme Notes</b>
<form method="post" action="/sign-out"><span class="soft">${name}</span><button class="quiet">Sign out</button></form></header>`

const signInPage = (back: string, problem?: string) =>
  account('Sign in', back, problem, html`<label>Email<input type="email" name="email" autocomplete="email" required></label>`)

const signUpPage = (back: string, problem?: string) =>
  account(
    'Create your account',
    back,
    problem,
    html`<label>Name<input name="name" autocomplete="name" required></label>
<label>Email<input type="email" name="email" autocomplete="email" required></label>`,
  )

function account(title: string, back: string, problem: string | undefined, fields: Html): string {
  const [other, label] = title === 'Sign in' ? ['/sign-up', 'Create an account'] : ['/sign-in', 'I have an account']
  return page(
    title,
    html`<header class="bar"><b>Acme Notes</b></header><main class="narrow">
<h1>${title}</h1>
${back.startsWith('/invites/') && html`<p class="soft">Then you go on with your invite.</p>`}
${problem !== undefined && html`<p class="bad" role="alert">${problem}</p>`}
<form class="stack" method="post"><input type="hidden" name="returnTo" value="${back}">${fields}
<button class="main">${title}</button></form>
<p><a href="${other}?returnTo=${encodeURIComponent(back)}">${label}</a></p>
<p class="soft small">A demo: no password, and every address counts as verified.</p></main>`,
  )
}
