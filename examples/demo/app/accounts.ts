// Sign-in and sign-up: the host's own pages that an invitee passes, with the invite kept as `returnTo`.
import express, { type Request, Router } from 'express'
import { type Html, html, page } from './html.ts'
import type { People } from './people.ts'

export function createAccountPages(people: People): Router {
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

  return router
}

const text = (req: Request, name: string) => String(req.body?.[name] ?? '').trim()

/** Allows only paths of this app. Otherwise a link to the sign-in page could send people to any site (open redirect). */
function returnTo(req: Request): string {
  const wanted = String(req.body?.['returnTo'] ?? req.query['returnTo'] ?? '')
  const origin = `${req.protocol}://${req.get('host')}`
  const url = URL.canParse(wanted, origin) ? new URL(wanted, origin) : null
  return wanted !== '' && url?.origin === origin ? url.href : '/notes'
}

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
${back.includes('/invites/i/') && html`<p class="soft">Then you go on with your invite.</p>`}
${problem !== undefined && html`<p class="bad" role="alert">${problem}</p>`}
<form class="stack" method="post"><input type="hidden" name="returnTo" value="${back}">${fields}
<button class="main">${title}</button></form>
<p><a href="${other}?returnTo=${encodeURIComponent(back)}">${label}</a></p>
<p class="soft small">A demo: no password, and every address counts as verified.</p></main>`,
  )
}
