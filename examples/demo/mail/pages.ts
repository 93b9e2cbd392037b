// The inbox: every mail as its recipient sees it, in a frame that runs no scripts, and every SMS.
import { Router } from 'express'
import { type Html, html, page } from '../app/html.ts'
import type { Mail, MailServer } from './server.ts'

export function createInboxPages({ mails, ours, url }: MailServer): Router {
  const router = Router()

  router.get('/inbox', (_req, res) => {
    const newest = mails.toReversed()
    const where = ours
      ? 'Nothing yet. Invite somebody on the other side.'
      : `The mails go to ${new URL(url).host}: read them there.`
    res.send(
      page(
        'Inbox',
        html`<header class="bar"><b>Inbox</b><span class="soft">${ours ? 'every mail and SMS of this demo' : 'every SMS of this demo'}</span></header>
<main id="mails" data-live="/inbox">${newest.length === 0 ? html`<p class="soft empty">${where}</p>` : newest.map(line)}</main>`,
        'inbox',
      ),
    )
  })

  router.get('/inbox/:number', (req, res) => {
    const mail = mails[Number(req.params.number) - 1]
    if (!mail) return res.redirect('/inbox')
    if (mail.kind === 'sms') return res.send(page('SMS', drawSms(mail), 'inbox'))
    const asText = req.query['as'] === 'text'
    res.send(
      page(
        mail.subject,
        html`<header class="bar"><a href="/inbox">← Inbox</a>
<nav class="tabs"><a href="/inbox/${mail.number}" ${current(!asText)}>HTML</a><a href="?as=text" ${current(asText)}>Text</a></nav></header>
<div class="envelope"><h1>${mail.subject}</h1>
<p class="soft small">${mail.from} → <b>${mail.to}</b>${mail.unsubscribe !== null && html` · <a href="${mail.unsubscribe}">Unsubscribe</a>`}</p></div>
${asText ? html`<pre class="letter">${mail.text}</pre>` : html`<iframe class="letter" sandbox="allow-top-navigation-by-user-activation" title="The mail" srcdoc="${toFrame(mail)}"></iframe>`}`,
        'inbox',
      ),
    )
  })

  return router
}

const current = (yes: boolean) => ({ html: yes ? 'aria-current="page"' : '' })

const line = ({ number, kind, to, subject, from }: Mail) =>
  html`<a class="card mailline" href="/inbox/${number}"><span class="soft small">${from} → <b>${to}</b>${kind === 'sms' && html` <span class="tag">SMS</span>`}</span><b>${subject}</b></a>`

/** As a phone shows it: what begins like an address is a link. */
function drawSms({ from, to, text }: Mail): Html {
  const parts = text.split(/(https?:\/\/[^\s]+)/)
  const drawn = parts.map((part, index) =>
    index % 2 === 1 ? html`<a href="${new URL(part).pathname}">${part}</a>` : html`${part}`,
  )
  return html`<header class="bar"><a href="/inbox">← Inbox</a><span class="soft">${from} → <b>${to}</b></span></header>
<main class="phone"><p class="bubble">${drawn}</p></main>`
}

/** A frame without scripts may only move the whole window, so its links open the stage, with the page in the invitee's half. */
function toFrame({ html }: Mail): string {
  const links = html.replace(
    /href="https?:\/\/[^/"]+(\/invites\/[^"]*)"/g,
    (_, path: string) => `href="/?at=${encodeURIComponent(path)}#guest"`,
  )
  return links.replace(/<head[^>]*>/i, head => `${head}<base target="_top">`)
}
