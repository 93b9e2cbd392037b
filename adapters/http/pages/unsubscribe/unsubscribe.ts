// The page behind an unsubscribe link. Only a POST acts: that of its own button, or the one-click POST of a mail client
// (RFC 8058), which comes without a page, a cookie or a person.
import { type Invites, isInviteError, type SuppressionPreview } from '../../../../src/core.ts'
import { stylesheetHref } from '../assets.ts'
import { pageResponse } from '../document.ts'
import { addressed, type Html, html, named, typed } from '../html.ts'
import { emblem } from '../landing/view.ts'
import { sentencesOf } from '../locales/catalogue.ts'
import type { Sentences, UnsubscribeState } from '../locales/sentences.ts'

/** What the page needs of the library. */
type Choosable = Pick<Invites<string, unknown, unknown>, 'suppressions' | 'config'>

/** What is read of a request. */
interface Asked {
  readonly method: string
  readonly headers: Pick<Headers, 'get'>
}

export interface UnsubscribeVisit {
  readonly signed: string
  readonly request: Asked
  /** The body of a POST. */
  readonly body: Uint8Array | undefined
}

/** Answers GET, HEAD and POST: 200, or 404 for a link that is forged. */
export async function unsubscribePage(invites: Choosable, { signed, request, body }: UnsubscribeVisit): Promise<Response> {
  const { suppressions } = invites
  try {
    const wanted = request.method === 'POST' ? await wantedBy(request, body) : null
    if (wanted === 'stop') await suppressions.unsubscribe({ signed })
    if (wanted === 'again') await suppressions.resubscribe({ signed })
    const seen = await suppressions.preview({ signed })
    return show(invites, request, seen, seen.suppressed ? 'stopped' : wanted === 'again' ? 'resumed' : 'ask')
  } catch (error) {
    if (isInviteError(error) && (error.code === 'invite_not_found' || error.code === 'invalid_input')) {
      return show(invites, request, null, 'ask')
    }
    throw error
  }
}

/** A POST that says neither changes nothing. */
async function wantedBy(request: Asked, body: Uint8Array = new Uint8Array()): Promise<'stop' | 'again' | null> {
  const fields = await fieldsIn(request.headers.get('content-type') ?? '', body)
  if (fields('List-Unsubscribe') === 'One-Click') return 'stop'
  const action = fields('action')
  return action === 'stop' || action === 'again' ? action : null
}

/** RFC 8058 prefers multipart/form-data to what forms send by default; what is malformed has no fields. */
async function fieldsIn(type: string, body: Uint8Array): Promise<(name: string) => unknown> {
  const text = new TextDecoder().decode(body)
  const isMultipart = /^multipart\/form-data/i.test(type)
  const form = isMultipart ? await multipart(text) : new URLSearchParams(text)
  return name => form.get(name)
}

/** The boundary is taken from the body: a parser before us may have written it anew. */
async function multipart(text: string): Promise<FormData> {
  const [, boundary = 'none'] = /^--([^\r\n"]{1,70})\r?\n/.exec(text) ?? []
  const headers = { 'content-type': `multipart/form-data; boundary="${boundary}"` }
  return new Response(text, { headers }).formData().catch(() => new FormData())
}

function show({ config }: Choosable, request: Asked, seen: SuppressionPreview | null, state: UnsubscribeState): Response {
  const { name, logoUrl } = config.pages.brand ?? {}
  const sentences = sentencesOf(seen?.locale ?? null, request.headers.get('accept-language'))
  const { title, content } = drawUnsubscribe(seen, state, sentences)
  return pageResponse(
    {
      status: seen === null ? 404 : 200,
      language: sentences.language,
      rtl: sentences.rtl,
      title,
      stylesheet: stylesheetHref(config),
      brand: { name, logoUrl },
      formAction: "'self'",
      content,
    },
    request.method,
  )
}

function drawUnsubscribe(seen: SuppressionPreview | null, state: UnsubscribeState, sentences: Sentences) {
  const { states, unknown } = sentences.unsubscribe
  if (seen === null)
    return { title: unknown.title, content: main('past', { title: html`${unknown.title}`, text: unknown.text }) }
  const { name } = seen.organization
  const { title, text, button } = states({ organization: named(name), recipient: addressed(seen.recipient) })[state]
  const action = state === 'stopped' ? 'again' : 'stop'
  const form = html`<form method="post"><div class="actions"><button class="${state === 'ask' ? 'main' : 'quiet'}" name="action" value="${action}">${button}</button></div></form>`
  const plain = typed(name)
  const bare = states({ organization: plain === null ? null : { html: plain }, recipient: null })[state].title
  return { title: bare.html, content: main('live', { mark: emblem(name), title, text, form }) }
}

interface Content {
  readonly mark?: Html
  readonly title: Html
  readonly text: Html | string
  readonly form?: Html
}

const main = (looks: 'live' | 'past', { mark, title, text, form }: Content): Html => html`<main class="${looks}">
${mark ?? null}<h1>${title}</h1>
<p class="text">${text}</p>
${form ?? null}
</main>`
