// The buttons, each with what it shows.
import { type Html, html } from '../app/html.ts'
import type { MailServer } from '../mail/server.ts'

export function drawTricks(mail: MailServer): readonly Html[] {
  const cut = mail.isUp()
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

const trick = (name: string, label: string, text: string) =>
  html`<form method="post" action="/tricks/${name}"><button data-trick>${label}</button><p class="soft small">${text}</p></form>`
