// The content of the landing page in each state: headline, text, facts about the invite, and buttons.
import type { Actor, TemplatePages } from '../../../../src/core.ts'
import { addressHtml, type Html, html, nameHtml, none, singleLine } from '../html.ts'
import { dateTimeText } from '../locales/catalogue.ts'
import type { Sentences, State } from '../locales/sentences.ts'
import type { Seen } from './state.ts'

/** What the landing page is drawn from. */
export interface LandingView {
  readonly state: State
  /** Null when there is no such invite. */
  readonly seen: Seen | null
  readonly actor: Actor | null
  /** The role is not the one that the form showed. */
  readonly roleChanged: boolean
  /** The host's sign-in URL, which leads back here. Null when none is configured. */
  readonly signIn: string | null
  /** The host's page for members. Null when none is configured. */
  readonly home: string | null
}

/** The page's title, for the tab, and its content. `app` is the product's name. */
export function drawLanding(
  view: LandingView,
  sentences: Sentences,
  app: string | null,
): { readonly title: string; readonly content: Html } {
  const { state, seen, actor } = view
  const organization = nameHtml(seen?.organization.name)
  const inviter = nameHtml(seen?.inviter.name)
  // Not `addressHtml`: a long account would then be parted from the full stop after it.
  const values = { organization, inviter, recipient: addressHtml(seen?.recipient), account: nameHtml(accountOf(actor), 254) }
  const standard = sentences.landing(values)[state]
  const template = templateTexts(view)
  const title = template?.header ?? standard.title
  const needsSignIn = state === 'signed_out' && view.signIn === null
  const text = needsSignIn ? sentences.signInFirst(nameHtml(app)) : standard.text
  // `past` draws the emblem in grey.
  const content = html`<main class="${liveStates.has(state) ? 'live' : 'past'}">
${view.roleChanged ? html`<p class="notice" role="status">${sentences.roleChanged}</p>` : none}${emblem(seen?.organization.name)}
<h1>${title ?? sentences.headline(inviter, organization)}</h1>
${template?.description ? paragraphs(template.description) : none}${template?.description && !needsSignIn ? none : html`<p class="text">${text}</p>`}
${facts(view, sentences)}
${actions(view, sentences)}
</main>`
  return { title: title ?? plainHeadline(seen, sentences), content }
}

/** The texts of the template, in the states that a template can word. */
function templateTexts({ state, seen }: LandingView): TemplatePages['landing'] | null {
  if (state === 'joined') return seen?.template.success ?? null
  return state === 'signed_out' || state === 'ready' ? (seen?.template.landing ?? null) : null
}

const paragraphs = (text: string): readonly Html[] =>
  text.split('\n\n').map(part => {
    const lines = part.split('\n').map((line, index) => (index === 0 ? html`${line}` : html`<br>${line}`))
    return html`<p class="text">${lines}</p>
`
  })

const liveStates: ReadonlySet<State> = new Set([
  'signed_out',
  'ready',
  'mismatch',
  'unverified',
  'joined',
  'already_member',
  'full',
  'asked',
])

/** Without markup: it goes into `<title>`, where it is escaped. */
function plainHeadline(seen: Seen | null, { headline }: Sentences): string {
  const plain = (name: string | null | undefined) => {
    const text = singleLine(name)
    return text === null ? null : { html: text }
  }
  return headline(plain(seen?.inviter.name), plain(seen?.organization.name)).html
}

/** The first letter of the organization's name, as an emblem. */
export function emblem(name: string | null | undefined): Html {
  const [letter] = [...(singleLine(name) ?? '')].filter(character => /[\p{L}\p{N}]/u.test(character))
  return letter === undefined ? none : html`<p class="mark" aria-hidden="true">${letter.toUpperCase()}</p>`
}

/** Not masked: it is the visitor's own address. */
const accountOf = (actor: Actor | null) => actor && (actor.email ?? actor.phone ?? actor.name)

function facts({ state, seen, actor }: LandingView, sentences: Sentences): Html {
  if (seen === null || !['signed_out', 'ready', 'full'].includes(state)) return none
  const role = Object.hasOwn(sentences.roles, seen.role) ? (sentences.roles[seen.role] ?? seen.role) : seen.role
  const rows: readonly (readonly [string, Html | null])[] = [
    [sentences.role, nameHtml(role)],
    [
      sentences.until,
      seen.expiresAt &&
        html`<time datetime="${seen.expiresAt.toISOString()}">${dateTimeText(seen.expiresAt, seen.locale, sentences)}</time>`,
    ],
    [sentences.account, addressHtml(accountOf(actor))],
  ]
  return html`<dl>${rows.flatMap(([name, value]) => (value ? [html`<div><dt>${name}</dt><dd>${value}</dd></div>`] : []))}</dl>`
}

function actions(view: LandingView, sentences: Sentences): Html {
  const buttons = buttonsOf(view, sentences)
  if (buttons.length === 0) return none
  // The role that was shown is sent along, so that an invite whose role was changed meanwhile is not accepted unseen.
  return html`<form method="post"><input type="hidden" name="role" value="${view.seen?.role ?? ''}">
<div class="actions">${buttons}</div></form>`
}

function buttonsOf(view: LandingView, sentences: Sentences): readonly Html[] {
  const { state, seen, actor, signIn, home } = view
  const ownLabel = templateTexts(view)?.button
  const button = (action: string, label: string, look = 'main') =>
    html`<button class="${look}" name="action" value="${action}">${label}</button>`
  const link = (href: string | null, label: string) =>
    href === null ? [] : [html`<a class="main" href="${href}">${label}</a>`]
  const decline = seen?.kind === 'personal' ? [button('decline', sentences.decline, 'quiet')] : []
  switch (state) {
    case 'signed_out':
      return [...(signIn === null ? [] : [button('open', ownLabel ?? sentences.goOn)]), ...decline]
    case 'ready':
      return [button('accept', ownLabel ?? sentences.accept), ...decline]
    case 'mismatch':
      return link(signIn, sentences.switchAccount)
    case 'unverified':
      return [button('accept', sentences.again)]
    case 'full':
      return [button('accept', sentences.again), ...decline]
    case 'expired':
      return [button('renew', sentences.askNew)]
    case 'accepted':
      return actor === null ? link(signIn, sentences.goOn) : link(home, sentences.toApp)
    case 'already_member':
    case 'joined':
      return link(home, ownLabel ?? sentences.toApp)
    case 'asked':
    case 'declined':
    case 'said_no':
    case 'exhausted':
    case 'unauthorized':
    case 'unknown':
    case 'busy':
    case 'trouble':
      return []
    default:
      return state satisfies never
  }
}
