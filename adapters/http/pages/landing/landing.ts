// The landing page, which the link of an invite opens. GET and HEAD change nothing, because mail scanners and link previews
// open links too; accepting and declining are POSTs of a form.
import { type Actor, type InviteError, type Invites, isInviteError, type TemplatePages } from '../../../../src/core.ts'
import type { Incoming } from '../../handler/message.ts'
import { stylesheetHref } from '../assets.ts'
import { pageResponse, redirect } from '../document.ts'
import { singleLine } from '../html.ts'
import { sentencesOf } from '../locales/catalogue.ts'
import type { State } from '../locales/sentences.ts'
import { afterAcceptUrl, formTargets, signInUrl } from './redirects.ts'
import { type Seen, stateOf, stateOfError, statusOf } from './state.ts'
import { drawLanding, type LandingView } from './view.ts'

/** What the page needs of the library. */
export type LandingInvites = Pick<
  Invites<string, unknown, unknown>,
  'preview' | 'open' | 'accept' | 'decline' | 'renew' | 'config'
>

export interface LandingVisit {
  readonly token: string
  readonly request: Pick<Incoming, 'method' | 'headers'>
  /** Who is signed in; null when nobody is. */
  readonly actor: () => Promise<Actor | null>
  /** Of this page, below the mount: `/i/…`. */
  readonly path: string
  /** The body of a POST: `action` is open, accept, decline or renew; `role` is the one that was shown. */
  readonly form?: URLSearchParams
}

/** Who opened the page, and with which token. */
interface Visitor {
  readonly token: string
  readonly actor: Actor | null
  /** The URL of this page, from `publicUrl` and never from the request. */
  readonly page: string
}

/** What a form led to: a redirect, or a state to show here. */
type Outcome =
  | { readonly redirectTo: string }
  | {
      readonly state: State
      readonly roleChanged?: boolean
      /** The host's page for people who joined. */
      readonly home?: string | null
    }

/** Answers GET, HEAD and POST with the status of the invite's state: 200, 303, 404, 409 or 410; throws every other refusal. */
export async function landingPage(invites: LandingInvites, visit: LandingVisit): Promise<Response> {
  const { request, token } = visit
  const actor = await visit.actor()
  const visitor = {
    token,
    // An API key is nobody who could join.
    actor: actor?.userId ? actor : null,
    page: invites.config.publicUrl + visit.path,
  }
  const outcome = request.method === 'POST' ? await act(invites, visitor, visit.form ?? new URLSearchParams()) : null
  if (outcome !== null && 'redirectTo' in outcome) return redirect(outcome.redirectTo)
  const seen = await findPreview(invites, visitor)
  if (outcome?.home && !hasTexts(seen?.template.success)) return redirect(outcome.home)
  return show(invites, request, viewOf(invites, visitor, seen, outcome))
}

async function findPreview(invites: LandingInvites, { token, actor }: Visitor): Promise<Seen | null> {
  return invites.preview({ token }, { actor }).catch((error: unknown) => {
    if (isInviteError(error) && (error.code === 'invite_not_found' || isOfToken(error))) return null
    throw error
  })
}

/** Whether only the token is malformed. A flaw of the actor is thrown on, so that the host is told of it. */
const isOfToken = ({ facts }: InviteError) =>
  facts.code === 'invalid_input' && facts.errors.every(({ path }) => path === 'token')

/** Null for a form with an unknown action or invalid fields: the page is shown as for a GET. */
async function act(invites: LandingInvites, visitor: Visitor, form: URLSearchParams): Promise<Outcome | null> {
  try {
    return await runAction(invites, visitor, form)
  } catch (error) {
    if (!isInviteError(error)) throw error
    if (error.code === 'invalid_input') return null
    const state = stateOfError(error)
    if (state === null) throw error
    return { state, roleChanged: error.code === 'role_changed' }
  }
}

async function runAction(invites: LandingInvites, visitor: Visitor, form: URLSearchParams): Promise<Outcome | null> {
  const { token, actor } = visitor
  const role = form.get('role') || undefined
  switch (form.get('action')) {
    case 'open':
      return goOn(invites, visitor)
    case 'accept':
      return actor === null ? goOn(invites, visitor) : accept(invites, { token, role }, actor)
    case 'decline':
      await invites.decline({ token }, { actor })
      return { state: 'said_no' }
    case 'renew':
      await invites.renew({ token }, { actor })
      return { state: 'asked' }
    default:
      return null
  }
}

/** The visitor pressed the button: on to the host's sign-in or, when signed in already, back to this page. */
async function goOn(invites: LandingInvites, visitor: Visitor): Promise<Outcome | null> {
  const { token, actor, page } = visitor
  await invites.open({ token }, { actor })
  if (actor !== null) return { redirectTo: page }
  const seen = await findPreview(invites, visitor)
  const url = signInUrl(invites.config, page, seen?.next ?? null)
  return url === null ? null : { redirectTo: url }
}

async function accept(
  invites: LandingInvites,
  input: { token: string; role: string | undefined },
  actor: Actor,
): Promise<Outcome> {
  const { invite, member } = await invites.accept(input, { actor })
  // The same person had accepted before and was removed since: no membership was made.
  if (member === null) return { state: 'accepted' }
  const { userId, role } = member
  const home = afterAcceptUrl(invites.config, { organizationId: invite.organizationId, userId, role })
  return { state: 'joined', home }
}

/** A template with a success page of its own: that page is shown, and its button leads to the host's page. */
const hasTexts = (page: TemplatePages['success'] | undefined) => Object.values(page ?? {}).some(text => text !== null)

function viewOf({ config }: LandingInvites, { actor, page }: Visitor, seen: Seen | null, outcome: Outcome | null): LandingView {
  const state = seen === null ? 'unknown' : outcome !== null && 'state' in outcome ? outcome.state : stateOf(seen, actor)
  const isOver = state === 'accepted' || state === 'already_member'
  const userId = actor?.userId
  return {
    state,
    seen,
    actor,
    roleChanged: outcome !== null && 'roleChanged' in outcome && outcome.roleChanged === true,
    signIn: signInUrl(config, page, seen?.next ?? null),
    home:
      outcome !== null && 'home' in outcome
        ? (outcome.home ?? null)
        : seen && userId && isOver
          ? afterAcceptUrl(config, { organizationId: seen.organization.id, userId, role: seen.role })
          : null,
  }
}

/** The page, in the visitor's language. */
export function show(
  { config }: Pick<LandingInvites, 'config'>,
  request: LandingVisit['request'],
  view: LandingView,
): Response {
  const own = view.seen?.template.brand
  const name = own?.name ?? config.pages.brand?.name
  const logoUrl = own?.logoUrl ?? config.pages.brand?.logoUrl
  const sentences = sentencesOf(view.seen?.locale ?? null, request.headers.get('accept-language'))
  const { title, content } = drawLanding(view, sentences, singleLine(name))
  return pageResponse(
    {
      status: view.roleChanged ? 409 : statusOf[view.state],
      language: sentences.language,
      rtl: sentences.rtl,
      title,
      stylesheet: stylesheetHref(config, own?.color),
      brand: { name, logoUrl },
      formAction: formTargets(config),
      content,
    },
    request.method,
  )
}
