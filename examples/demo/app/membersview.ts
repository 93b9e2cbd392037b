// How the members page looks: seats, members, the form, and who has not answered yet.
import type { Listed, Summary } from 'invitekit'
import { type Html, html, page } from './html.ts'
import { type Member, type Role, team } from './people.ts'

export interface Said {
  readonly text: string
  readonly link?: string
  readonly bad?: boolean
}

interface Shown {
  readonly summary: Summary<Role>
  readonly invites: readonly Listed<Role, object>[]
  readonly members: readonly Member[]
  readonly said: Said | null
  readonly name: string
}

/** Regions marked `data-live` are taken anew from the page they name when something has changed. */
export const drawMembers = ({ summary, invites, members, said, name }: Shown): string =>
  page(
    'Members',
    html`<header class="bar"><b>Acme Notes</b><span class="soft">${name}</span></header>
<main>
<div class="row"><h1>${team.name}</h1><div id="seats" data-live="/members">${meter(summary.seats)}</div></div>
${
  said &&
  html`<p class="${said.bad ? 'bad' : 'good'}" role="${said.bad ? 'alert' : 'status'}">${said.text}
${said.link && html`<input class="link" readonly value="${said.link}" aria-label="Link of the invite">`}</p>`
}
<form class="invite" method="post" action="/members/invites">
<label class="grow">Email<input type="email" name="email" value="${nextGuest(members, invites)}"></label>
<label class="grow">or phone, or both<input type="tel" name="phone" placeholder="+49 1511 2345678"></label>
<label>Role<select name="role">${summary.grants.map(role => html`<option>${role}</option>`)}</select></label>
<button class="main">Invite</button>
</form>
<section id="pending" data-live="/members">
<h2>Invites <span class="soft">${summary.pending.used} pending, ${summary.pending.limit ?? 'no'} at most</span></h2>
${invites.length === 0 ? html`<p class="soft">Nobody is invited right now.</p>` : invites.map(drawInvite)}
</section>
<section id="members" data-live="/members">
<h2>Members</h2>
<ul class="people">${members.map(
      each =>
        html`<li><div><b>${each.name}</b> <span class="soft">${each.email}</span></div><span class="tag">${each.role}</span></li>`,
    )}</ul>
</section>
</main>`,
  )

function meter({ used, limit }: Summary<Role>['seats']): Html {
  const seats = Array.from({ length: limit ?? used }, (_, index) => html`<i class="${index < used ? 'taken' : 'free'}"></i>`)
  return html`<p class="meter"><span class="seats" aria-hidden="true">${seats}</span>${used} of ${limit ?? '∞'} seats taken</p>`
}

function drawInvite(invite: Shown['invites'][number]): Html {
  const { id, status, role } = invite
  const way = (action: string, label: string) =>
    html`<button class="quiet" formaction="/members/invites/${id}/${action}" ${{ html: action === 'link' ? 'data-copy' : '' }}>${label}</button>`
  const ways =
    status === 'pending'
      ? [way('resend', 'Resend'), way('link', 'Copy link'), way('revoke', 'Revoke')]
      : status === 'expired'
        ? [way('resend', 'Resend')]
        : []
  return html`<form class="card row" method="post">
<div><b>${invite.recipient?.email ?? invite.recipient?.phone ?? 'Whoever has the link'}</b>
<p class="soft small"><span class="tag">${role}</span> ${whereItIs(invite)}</p></div>
<div class="ways">${ways}</div></form>`
}

function whereItIs({ status, openedAt, deliveries }: Shown['invites'][number]): Html | string {
  if (status !== 'pending') return status
  const lasts = [...new Map(deliveries.map(each => [each.channel, each])).values()]
  const failed = lasts.find(({ failure }) => failure !== null)
  if (openedAt !== null) return 'opened'
  if (failed) return html`<span class="warn">${failed.failure}</span> ${failed.status === 'queued' && 'Trying again.'}`
  return lasts.map(({ channel, status }) => `${words[channel] ?? channel} ${status}`).join(', ') || 'no message, the link only'
}

const words: Readonly<Record<string, string>> = { email: 'mail', sms: 'SMS' }

const guests = ['ada@example.com', 'katherine@example.com', 'margaret@example.com', 'barbara@example.com', 'radia@example.com']

/** Somebody to invite, so that the first click works. */
function nextGuest(members: readonly Member[], invites: Shown['invites']): string {
  const known = new Set([...members.map(({ email }) => email), ...invites.map(({ recipient }) => recipient?.email)])
  return guests.find(email => !known.has(email)) ?? ''
}
