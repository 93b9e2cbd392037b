// Reads Twilio's requests to the app: delivery reports, and incoming messages such as STOP and START.
import type { Callback, Choice, Received, Report } from '../../../src/core.ts'
import type { Account } from './check-options.ts'
import { isDeadNumber, optedOutCode, sentenceFor } from './failure.ts'
import { isSigned } from './signature.ts'

/** Returns null for a request without a valid signature of Twilio's. */
export const receiver =
  ({ authTokens, statusCallback }: Account) =>
  ({ url, headers, body }: Callback): Received | null => {
    const signature = headers.get('x-twilio-signature') ?? ''
    const isForm = /^application\/x-www-form-urlencoded/i.test(headers.get('content-type') ?? '')
    const text = new TextDecoder().decode(body)
    const fields = isForm ? new URLSearchParams(text) : null
    const query = url.includes('?') ? url.slice(url.indexOf('?')) : ''
    // The host may have given Twilio another address that leads here. The signature is over that one then.
    const urls = statusCallback ? [url, statusCallback + query] : [url]
    if (!urls.some(each => isSigned({ url: each, fields, body, signature }, authTokens))) return null
    const payload = fields ? Object.fromEntries(fields) : objectIn(text)
    const id = new URLSearchParams(query).get('id') || null
    return { reports: id === null ? [] : reportIn(id, payload), choices: id === null ? choiceIn(payload) : [] }
  }

type Payload = Readonly<Record<string, unknown>>

function objectIn(text: string): Payload {
  try {
    const value: unknown = JSON.parse(text)
    return typeof value === 'object' && value !== null ? { ...value } : {}
  } catch {
    return {}
  }
}

/** Each of Twilio's statuses, and the status of a delivery that it means. Any other status is ignored. */
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

function reportIn(messageId: string, payload: Payload): readonly Report[] {
  const messageStatus = String(payload['MessageStatus'] ?? '')
  const status = Object.hasOwn(statuses, messageStatus) ? statuses[messageStatus] : undefined
  if (status === undefined) return []
  if (status !== 'failed') return [{ messageId, status }]
  const code = /^\d{5}$/.test(String(payload['ErrorCode'] ?? '')) ? Number(payload['ErrorCode']) : null
  const failure = sentenceFor(
    code,
    messageStatus === 'undelivered' ? 'The network did not deliver the message' : 'Twilio did not send the message',
  )
  if (code === optedOutCode) return [{ messageId, status: 'complained', failure }]
  return [{ messageId, status: code !== null && isDeadNumber(code) ? 'bounced' : status, failure }]
}

/** Twilio's standard keywords. A Messaging Service with keywords of its own says in `OptOutType` which of them it means. */
const stopKeywords = new Set(['STOP', 'STOPALL', 'UNSUBSCRIBE', 'CANCEL', 'END', 'QUIT', 'REVOKE', 'OPTOUT'])
const startKeywords = new Set(['START', 'UNSTOP'])

function choiceIn(payload: Payload): readonly Choice[] {
  const phone = payload['From']
  if (typeof phone !== 'string') return []
  const keyword = String(payload['OptOutType'] ?? payload['Body'] ?? '')
    .trim()
    .toUpperCase()
  if (stopKeywords.has(keyword)) return [{ phone, wants: false }]
  return startKeywords.has(keyword) ? [{ phone, wants: true }] : []
}
