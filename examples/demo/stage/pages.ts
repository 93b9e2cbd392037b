// The demo's main page: two browsers side by side, the four buttons, and the ledger of what happened.
import { fileURLToPath } from 'node:url'
import express, { Router } from 'express'
import { html, page } from '../app/html.ts'
import { graceActor, type People } from '../app/people.ts'
import type { MailServer } from '../mail/server.ts'
import { drawTricks } from '../tricks/view.ts'
import type { Ledger } from './ledger.ts'
import { drawProgress, drawSteps } from './view.ts'

interface Stage {
  readonly ledger: Ledger
  readonly people: People
  readonly mail: MailServer
  /** Which of the buttons is at work. */
  readonly playing: () => string | null
  readonly origin: string
  readonly database: string
}

export function createStagePages({ ledger, people, mail, playing, origin, database }: Stage): Router {
  const router = Router()
  router.use(express.static(fileURLToPath(new URL('../public', import.meta.url))))

  router.get('/', async (req, res) => {
    // Links in mails lead to one host; under another name their page would be a stranger's, and not be framed.
    if (`http://${req.headers.host}` !== origin) return res.redirect(origin)
    // Grace is signed in from the start.
    const grace = await people.find(graceActor.userId ?? '')
    if (grace && !(await people.userOf(req, 'grace'))) await people.signIn(res, grace, 'grace')
    res.send(
      page(
        'Demo',
        html`<header class="top"><div><h1>Acme Notes</h1>
<p class="soft">A host app on ${database}, with invitekit mounted at <code>/invites</code>.</p></div>
<ol class="progress" id="progress" data-live="/">${drawProgress(ledger.steps, mail)}</ol></header>
<div class="pair">
${browser('grace', 'Grace, admin', '/members')}
${browser('guest', 'The invitee', atOf(req.query['at']))}
<section class="ledger" aria-label="What happened"><header><b>What happened</b></header>
<div tabindex="0"><noscript><p class="soft empty">Reload this page to see what a step has changed.</p></noscript>
<div id="steps" data-live="/">${drawSteps(ledger.steps)}</div></div></section>
</div>
<section class="tricks" id="tricks" data-live="/">${drawTricks(mail, playing())}</section>
<p class="soft small" id="playing" role="status" data-live="/">${playing() !== null && 'One at a time: the others wait until it is done.'}</p>`,
        'stage',
        'ledger',
      ),
    )
  })

  /** Tells open pages that there is something new to see. */
  router.get('/live', (_req, res) => {
    res.writeHead(200, { 'content-type': 'text/event-stream', 'cache-control': 'no-store' })
    res.write(': hello\n\n')
    res.once(
      'close',
      ledger.listen(() => void res.write('data: new\n\n')),
    )
  })

  return router
}

/** Where the invitee's browser begins: the inbox, or the page that a link in a mail leads to. */
const atOf = (at: unknown) => (typeof at === 'string' && /^\/invites\/i\/[\w-]+$/.test(at) ? at : '/inbox')

const browser = (name: string, label: string, path: string) =>
  html`<section class="browser" id="${name}" aria-label="${label}"><header><b>${label}</b>
<output class="address" data-address="${name}">${path}</output>
${name === 'guest' && html`<nav><a href="/inbox" target="guest">Inbox</a><a href="/notes" target="guest">Notes</a></nav>`}</header>
<iframe name="${name}" title="${label}" src="${path}"></iframe></section>`
