// What stands on the landing page in each state: its head, its facts, and the ways on.
import type { Actor, TemplatePages } from '../../../../src/core.ts'
import { addressed, type Html, html, named, none, typed } from '../html.ts'
import { momentText } from '../locales/catalogue.ts'
import type { Sentences } from '../locales/sentences.ts'
import type { Seen, State } from './state.ts'

/** What the visitor stands before. */
export interface LandingView {
  readonly state: State
  /** Null when there is no such invite. */
  readonly seen: Seen | null
  readonly actor: Actor | null
  /** The role is another than the form showed. */
  readonly roleChanged: boolean
  /** The host's sign-in, with the way back here; null when it gave none. */
  readonly signIn: string | null
  /** The host's page for members; null when it gave none. */
  readonly home: string | null
}

/** The page's title, for the tab, and its content. `app` is the product's name. */
export function drawLanding(
  scene: LandingView,
  words: Sentences,
  app: string | null,
): { readonly title: string; readonly content: Html } {
  const { state, seen, actor } = scene
  const organization = named(seen?.organization.name)
  const inviter = named(seen?.inviter.name)
  // The account is no block of its own: a long address takes the full stop along.
  const told = { organization, inviter, recipient: addressed(seen?.recipient), account: named(accountOf(actor), 254) }
  const said = words.landing(told)[state]
  const own = ownWords(scene)
  const title = own?.header ?? said.title
  const needsSignIn = state === 'signed_out' && scene.signIn === null
  const text = needsSignIn ? words.signInFirst(named(app)) : said.text
  // A dead invite has a grey emblem.
  const content = html`<main class="${alive.has(state) ? 'live' : 'past'}">
${scene.roleChanged ? html`<p class="notice" role="status">${words.roleChanged}</p>` : none}${emblem(seen?.organization.name)}
<h1>${title ?? words.headline(inviter, organization)}</h1>
${own?.description ? paragraphs(own.description) : none}${own?.description && !needsSignIn ? none : html`<p class="text">${text}</p>`}
${facts(scene, words)}
${actions(scene, words)}
</main>`
  return { title: title ?? plainHeadline(seen, words), content }
}

/** The template's, on the pages that it has words for. */
function ownWords({ state, seen }: LandingView): TemplatePages['landing'] | null {
  if (state === 'joined') return seen?.template.success ?? null
  return state === 'signed_out' || state === 'ready' ? (seen?.template.landing ?? null) : null
}

const paragraphs = (text: string): readonly Html[] =>
  text.split('\n\n').map(part => {
    const lines = part.split('\n').map((line, index) => (index === 0 ? html`${line}` : html`<br>${line}`))
    return html`<p class="text">${lines}</p>
`
  })

const alive: ReadonlySet<State> = new Set([
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
  const bare = (name: string | null | undefined) => {
    const text = typed(name)
    return text === null ? null : { html: text }
  }
  return headline(bare(seen?.inviter.name), bare(seen?.organization.name)).html
}

/** The first letter of the organization's name, as an emblem. */
export function emblem(name: string | null | undefined): Html {
  const [letter] = [...(typed(name) ?? '')].filter(character => /[\p{L}\p{N}]/u.test(character))
  return letter === undefined ? none : html`<p class="mark" aria-hidden="true">${letter.toUpperCase()}</p>`
}

/** In full: it is the visitor's own. */
const accountOf = (actor: Actor | null) => actor && (actor.email ?? actor.phone ?? actor.name)

function facts({ state, seen, actor }: LandingView, words: Sentences): Html {
  if (seen === null || !['signed_out', 'ready', 'full'].includes(state)) return none
  const role = Object.hasOwn(words.roles, seen.role) ? (words.roles[seen.role] ?? seen.role) : seen.role
  const rows: readonly (readonly [string, Html | null])[] = [
    [words.role, named(role)],
    [
      words.until,
      seen.expiresAt &&
        html`<time datetime="${seen.expiresAt.toISOString()}">${momentText(seen.expiresAt, seen.locale, words)}</time>`,
    ],
    [words.account, addressed(accountOf(actor))],
  ]
  return html`<dl>${rows.flatMap(([name, value]) => (value ? [html`<div><dt>${name}</dt><dd>${value}</dd></div>`] : []))}</dl>`
}

function actions(scene: LandingView, words: Sentences): Html {
  const ways = waysOn(scene, words)
  if (ways.length === 0) return none
  // The role that was shown goes along: an invite that was changed meanwhile is not accepted unseen.
  return html`<form method="post"><input type="hidden" name="role" value="${scene.seen?.role ?? ''}">
<div class="actions">${ways}</div></form>`
}

function waysOn(scene: LandingView, words: Sentences): readonly Html[] {
  const { state, seen, actor, signIn, home } = scene
  const own = ownWords(scene)?.button
  const button = (action: string, label: string, looks = 'main') =>
    html`<button class="${looks}" name="action" value="${action}">${label}</button>`
  const link = (href: string | null, label: string) =>
    href === null ? [] : [html`<a class="main" href="${href}">${label}</a>`]
  const no = seen?.kind === 'personal' ? [button('decline', words.decline, 'quiet')] : []
  switch (state) {
    case 'signed_out':
      return [...(signIn === null ? [] : [button('open', own ?? words.goOn)]), ...no]
    case 'ready':
      return [button('accept', own ?? words.accept), ...no]
    case 'mismatch':
      return link(signIn, words.switchAccount)
    case 'unverified':
      return [button('accept', words.again)]
    case 'full':
      return [button('accept', words.again), ...no]
    case 'expired':
      return [button('renew', words.askNew)]
    case 'accepted':
      return actor === null ? link(signIn, words.goOn) : link(home, words.toApp)
    case 'already_member':
    case 'joined':
      return link(home, own ?? words.toApp)
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
