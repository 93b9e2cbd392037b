// The page behind an unsubscribe link. Only a POST changes anything: that of the page's own button, or the one-click POST of a
// mail client (RFC 8058), which has no cookie and no page before it.
import { type Invites, isInviteError, type SuppressionPreview } from '../../../../src/core.ts'
import { stylesheetHref } from '../assets.ts'
import { pageResponse } from '../document.ts'
import { addressHtml, type Html, html, nameHtml, singleLine } from '../html.ts'
import { emblem } from '../landing/view.ts'
import { sentencesOf } from '../locales/catalogue.ts'
import type { Sentences, UnsubscribeState } from '../locales/sentences.ts'

/** What the page needs of the library. */
type UnsubscribeInvites = Pick<Invites<string, unknown, unknown>, 'suppressions' | 'config'>

/** What is read of a request. */
interface PageRequest {
  readonly method: string
  readonly headers: Pick<Headers, 'get'>
}

export interface UnsubscribeVisit {
  readonly signed: string
  readonly request: PageRequest
  /** The body of a POST. */
  readonly body: Uint8Array | undefined
}

/** Answers GET, HEAD and POST: 200, or 404 for a link that is forged. */
export async function unsubscribePage(
  invites: UnsubscribeInvites,
  { signed, request, body }: UnsubscribeVisit,
): Promise<Response> {
  const { suppressions } = invites
  try {
    const action = request.method === 'POST' ? await actionOf(request, body) : null
    if (action === 'stop') await suppressions.unsubscribe({ signed })
    if (action === 'again') await suppressions.resubscribe({ signed })
    const seen = await suppressions.preview({ signed })
    return show(invites, request, seen, seen.suppressed ? 'stopped' : action === 'again' ? 'resumed' : 'ask')
  } catch (error) {
    if (isInviteError(error) && (error.code === 'invite_not_found' || error.code === 'invalid_input')) {
      return show(invites, request, null, 'ask')
    }
    throw error
  }
}

/** Null for a POST with neither field, which changes nothing. */
async function actionOf(request: PageRequest, body: Uint8Array = new Uint8Array()): Promise<'stop' | 'again' | null> {
  const field = await fieldsIn(request.headers.get('content-type') ?? '', body)
  if (field('List-Unsubscribe') === 'One-Click') return 'stop'
  const action = field('action')
  return action === 'stop' || action === 'again' ? action : null
}

/** RFC 8058 prefers multipart/form-data to urlencoded. A malformed body has no fields. */
async function fieldsIn(type: string, body: Uint8Array): Promise<(name: string) => unknown> {
  const text = new TextDecoder().decode(body)
  const isMultipart = /^multipart\/form-data/i.test(type)
  const form = isMultipart ? await multipart(text) : new URLSearchParams(text)
  return name => form.get(name)
}

/** The boundary is taken from the body, because a body parser of the host may have encoded it again with another one. */
async function multipart(text: string): Promise<FormData> {
  const [, boundary = 'none'] = /^--([^\r\n"]{1,70})\r?\n/.exec(text) ?? []
  const headers = { 'content-type': `multipart/form-data; boundary="${boundary}"` }
  return new Response(text, { headers }).formData().catch(() => new FormData())
}

function show(
  { config }: UnsubscribeInvites,
  request: PageRequest,
  seen: SuppressionPreview | null,
  state: UnsubscribeState,
): Response {
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
  const { title, text, button } = states({ organization: nameHtml(name), recipient: addressHtml(seen.recipient) })[state]
  const action = state === 'stopped' ? 'again' : 'stop'
  const form = html`<form method="post"><div class="actions"><button class="${state === 'ask' ? 'main' : 'quiet'}" name="action" value="${action}">${button}</button></div></form>`
  const plain = singleLine(name)
  const titleOnly = states({ organization: plain === null ? null : { html: plain }, recipient: null })[state].title
  return { title: titleOnly.html, content: main('live', { mark: emblem(name), title, text, form }) }
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
