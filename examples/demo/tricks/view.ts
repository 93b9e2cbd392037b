// The buttons, each with what it shows.
import { type Html, html } from '../app/html.ts'
import type { MailServer } from '../mail/server.ts'

/** While one of them is at work the others wait. */
export function drawTricks(mail: MailServer, playing: string | null): readonly Html[] {
  const trick = (name: string, label: string, text: string) =>
    html`<form method="post" action="/tricks/${name}">${button(label, name, playing)}<p class="soft small">${text}</p></form>`
  // The server is up again before the button is done that started it, and down before the one that cut it.
  const isUp = playing === 'cut-mail' || (playing !== 'mend-mail' && mail.isUp())
  const cut = isUp
    ? trick(
        'cut-mail',
        'Cut the mail',
        'The mail server goes down. The invite is made all the same, its mail is queued and tried again.',
      )
    : trick(
        'mend-mail',
        'Start the mail again',
        'The mail server comes back: one mail, with one Message-ID, however often it was tried.',
      )
  return [
    trick('race', 'Race', '64 invites at once on a limit of 10, and beside it count-then-insert as it is often written.'),
    trick('roll-back', 'Roll back', 'Our own transaction fails after invites.create({ tx }): no invite, and no mail.'),
    ...(mail.ours ? [cut] : []),
    trick('crash', 'Crash', 'Another process commits an invite and is killed before its mail leaves. This one sends it.'),
  ]
}

function button(label: string, name: string, playing: string | null): Html {
  if (playing === null) return html`<button data-trick>${label}</button>`
  return name === playing
    ? html`<button data-trick disabled aria-busy="true">${label}: at work</button>`
    : html`<button data-trick disabled>${label}</button>`
}
