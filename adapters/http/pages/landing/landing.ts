// The landing page: what a link opens. GET and HEAD change nothing, so that mail scanners and link previews do no harm;
// every act is a form.
import { type Actor, type InviteError, type Invites, isInviteError, type TemplatePages } from '../../../../src/core.ts'
import type { Incoming } from '../../handler/message.ts'
import { stylesheetHref } from '../assets.ts'
import { pageResponse, redirect } from '../document.ts'
import { typed } from '../html.ts'
import { sentencesOf } from '../locales/catalogue.ts'
import { afterAcceptUrl, formTargets, signInUrl } from './redirects.ts'
import { type Seen, type State, stateOf, stateOfError, statusOf } from './state.ts'
import { drawLanding, type LandingView } from './view.ts'

/** What the page needs of the library. */
export type Answering = Pick<Invites<string, unknown, unknown>, 'preview' | 'open' | 'accept' | 'decline' | 'renew' | 'config'>

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

/** Who came, and by which link. */
interface Visitor {
  readonly token: string
  readonly actor: Actor | null
  /** This page, made from `publicUrl` alone. */
  readonly page: string
}

/** What came of a form: somewhere else to go, or a state to show here. */
type Outcome =
  | { readonly goTo: string }
  | {
      readonly state: State
      readonly roleChanged?: boolean
      /** Where the host wants people who joined. */
      readonly place?: string | null
    }

/** Answers GET, HEAD and POST with the status of the invite's state: 200, 303, 404, 409 or 410; throws what refused.ts tells of. */
export async function landingPage(invites: Answering, visit: LandingVisit): Promise<Response> {
  const { request, token } = visit
  const actor = await visit.actor()
  const visitor = {
    token,
    // An API key is nobody who could join.
    actor: actor?.userId ? actor : null,
    page: invites.config.publicUrl + visit.path,
  }
  const outcome = request.method === 'POST' ? await act(invites, visitor, visit.form ?? new URLSearchParams()) : null
  if (outcome !== null && 'goTo' in outcome) return redirect(outcome.goTo)
  const seen = await look(invites, visitor)
  if (outcome?.place && !hasWords(seen?.template.success)) return redirect(outcome.place)
  return show(invites, request, viewOf(invites, visitor, seen, outcome))
}

async function look(invites: Answering, { token, actor }: Visitor): Promise<Seen | null> {
  return invites.preview({ token }, { actor }).catch((error: unknown) => {
    if (isInviteError(error) && (error.code === 'invite_not_found' || isOfToken(error))) return null
    throw error
  })
}

/** A token that is none; what is wrong with the actor is the host's to hear of. */
const isOfToken = ({ facts }: InviteError) =>
  facts.code === 'invalid_input' && facts.errors.every(({ path }) => path === 'token')

/** Null for a form that asks for nothing we know, or with fields that nobody sends: the page is shown as it is. */
async function act(invites: Answering, visitor: Visitor, form: URLSearchParams): Promise<Outcome | null> {
  try {
    return await perform(invites, visitor, form)
  } catch (error) {
    if (!isInviteError(error)) throw error
    if (error.code === 'invalid_input') return null
    const state = stateOfError(error)
    if (state === null) throw error
    return { state, roleChanged: error.code === 'role_changed' }
  }
}

async function perform(invites: Answering, visitor: Visitor, form: URLSearchParams): Promise<Outcome | null> {
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

/** A human went on: to the host's sign-in, or, once signed in, back to this page. */
async function goOn(invites: Answering, visitor: Visitor): Promise<Outcome | null> {
  const { token, actor, page } = visitor
  await invites.open({ token }, { actor })
  if (actor !== null) return { goTo: page }
  const seen = await look(invites, visitor)
  const place = signInUrl(invites.config, page, seen?.next ?? null)
  return place === null ? null : { goTo: place }
}

async function accept(invites: Answering, input: { token: string; role: string | undefined }, actor: Actor): Promise<Outcome> {
  const { invite, member } = await invites.accept(input, { actor })
  // Accepted before and removed since: nobody was added.
  if (member === null) return { state: 'accepted' }
  const { userId, role } = member
  const place = afterAcceptUrl(invites.config, { organizationId: invite.organizationId, userId, role })
  return { state: 'joined', place }
}

/** A template's page for people who joined comes first, and its button leads on. */
const hasWords = (page: TemplatePages['success'] | undefined) => Object.values(page ?? {}).some(words => words !== null)

function viewOf({ config }: Answering, { actor, page }: Visitor, seen: Seen | null, outcome: Outcome | null): LandingView {
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
      outcome !== null && 'place' in outcome
        ? (outcome.place ?? null)
        : seen && userId && isOver
          ? afterAcceptUrl(config, { organizationId: seen.organization.id, userId, role: seen.role })
          : null,
  }
}

/** The scene as a page, in the visitor's language. */
export function show({ config }: Pick<Answering, 'config'>, request: LandingVisit['request'], scene: LandingView): Response {
  const own = scene.seen?.template.brand
  const name = own?.name ?? config.pages.brand?.name
  const logoUrl = own?.logoUrl ?? config.pages.brand?.logoUrl
  const words = sentencesOf(scene.seen?.locale ?? null, request.headers.get('accept-language'))
  const { title, content } = drawLanding(scene, words, typed(name))
  return pageResponse(
    {
      status: scene.roleChanged ? 409 : statusOf[scene.state],
      language: words.language,
      rtl: words.rtl,
      title,
      stylesheet: stylesheetHref(config, own?.color),
      brand: { name, logoUrl },
      formAction: formTargets(config),
      content,
    },
    request.method,
  )
}
