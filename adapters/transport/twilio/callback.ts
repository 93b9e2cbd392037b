// Twilio's requests to us: what became of a message, and what a recipient answered.
import type { Callback, Choice, Received, Report } from '../../../src/core.ts'
import type { Account } from './check-options.ts'
import { isDeadNumber, optedOutCode, sentenceFor } from './failure.ts'
import { isSigned } from './signature.ts'

/** Null for a request that Twilio did not sign. */
export const receiver =
  ({ authTokens, statusCallback }: Account) =>
  ({ url, headers, body }: Callback): Received | null => {
    const signature = headers.get('x-twilio-signature') ?? ''
    const isForm = /^application\/x-www-form-urlencoded/i.test(headers.get('content-type') ?? '')
    const text = new TextDecoder().decode(body)
    const fields = isForm ? new URLSearchParams(text) : null
    const query = url.includes('?') ? url.slice(url.indexOf('?')) : ''
    // An address of the host's own, that leads here.
    const urls = statusCallback ? [url, statusCallback + query] : [url]
    if (!urls.some(each => isSigned({ url: each, fields, body, signature }, authTokens))) return null
    const said = fields ? Object.fromEntries(fields) : objectIn(text)
    const id = new URLSearchParams(query).get('id') || null
    return { reports: id === null ? [] : reportIn(id, said), choices: id === null ? choiceIn(said) : [] }
  }

type Said = Readonly<Record<string, unknown>>

function objectIn(text: string): Said {
  try {
    const value: unknown = JSON.parse(text)
    return typeof value === 'object' && value !== null ? { ...value } : {}
  } catch {
    return {}
  }
}

/** What each status of Twilio's means here; a status that is not among them says nothing. */
const statuses: Readonly<Record<string, Report['status']>> = {
  accepted: 'sent',
  scheduled: 'sent',
  queued: 'sent',
  sending: 'sent',
  sent: 'sent',
  delivered: 'delivered',
  partially_delivered: 'delivered',
  read: 'delivered',
  undelivered: 'failed',
  failed: 'failed',
  canceled: 'failed',
}

function reportIn(messageId: string, said: Said): readonly Report[] {
  const word = String(said['MessageStatus'] ?? '')
  const status = Object.hasOwn(statuses, word) ? statuses[word] : undefined
  if (status === undefined) return []
  if (status !== 'failed') return [{ messageId, status }]
  const code = /^\d{5}$/.test(String(said['ErrorCode'] ?? '')) ? Number(said['ErrorCode']) : null
  const failure = sentenceFor(
    code,
    word === 'undelivered' ? 'The network did not deliver the message' : 'Twilio did not send the message',
  )
  if (code === optedOutCode) return [{ messageId, status: 'complained', failure }]
  return [{ messageId, status: code !== null && isDeadNumber(code) ? 'bounced' : status, failure }]
}

/** Twilio's own words for no more, and for more; a Messaging Service with words of its own says which it was. */
const stopWords = new Set(['STOP', 'STOPALL', 'UNSUBSCRIBE', 'CANCEL', 'END', 'QUIT', 'REVOKE', 'OPTOUT'])
const startWords = new Set(['START', 'UNSTOP'])

function choiceIn(said: Said): readonly Choice[] {
  const phone = said['From']
  if (typeof phone !== 'string') return []
  const word = String(said['OptOutType'] ?? said['Body'] ?? '')
    .trim()
    .toUpperCase()
  if (stopWords.has(word)) return [{ phone, wants: false }]
  return startWords.has(word) ? [{ phone, wants: true }] : []
}
