// Errors of sending an SMS. Their sentences are the library's own, with Twilio's code; Twilio's text is left out, because it
// can quote the number and the message.

/** What the relay reads: whether to try again (`permanent`), when (`retryAfter`, in milliseconds), and the sentence to store. */
export interface SmsError extends Error {
  readonly permanent: boolean
  readonly failure: string
  readonly retryAfter?: number
  readonly optedOut?: boolean
}

const smsError = (failure: string, facts: Partial<SmsError> = {}): SmsError =>
  Object.assign(new Error(failure), { permanent: false, failure, ...facts })

/** The recipient has opted out of messages from this sender. */
export const optedOutCode = 21610

/** Codes about the number itself: no message will ever reach it. */
const deadNumbers: Readonly<Record<number, string>> = {
  21211: 'Twilio says that there is no such number',
  21214: 'Twilio says that the number cannot be reached',
  21217: 'Twilio says that there is no such number',
  21401: 'Twilio says that there is no such number',
  21614: 'Twilio says that the number is none of a mobile phone',
  21635: 'Twilio says that the number is a landline',
  30005: 'The network does not know the number',
  30006: 'The number is a landline, or its network cannot be reached',
}

const otherCodes: Readonly<Record<number, string>> = {
  30003: 'The phone was off or out of reach',
  30004: 'The recipient or the network blocks the message',
  30007: 'The network took the message for spam',
  21617: 'The message is too long for Twilio',
}

export const isDeadNumber = (code: number): boolean => Object.hasOwn(deadNumbers, code)

/** The sentence for one of Twilio's codes, with the code in it. `otherwise` is for a code that is not in the tables. */
export function sentenceFor(code: number | null, otherwise: string): string {
  if (code === null) return `${otherwise}.`
  const sentence =
    code === optedOutCode ? 'The recipient wants no messages from this sender' : (deadNumbers[code] ?? otherCodes[code])
  return `${sentence ?? otherwise} (${code}).`
}

export const notE164 = (): SmsError => smsError('The number is not in E.164.', { permanent: true })

export const noAnswer = (signal: AbortSignal): SmsError =>
  smsError(signal.aborted ? 'Twilio did not answer in time.' : 'Twilio could not be reached.')

/** Statuses about the account. An operator repairs that, so the message is tried again. */
const accountStatuses = new Set([401, 403, 404, 408])

/** For a response that is not 2xx. */
export function refusal({ status, headers }: Pick<Response, 'status' | 'headers'>, answer: unknown): SmsError {
  const code = codeIn(answer)
  if (status === 429) return smsError(sentenceFor(code, 'Twilio asks to wait'), { ...retryAfterIn(headers) })
  if (accountStatuses.has(status))
    return smsError(sentenceFor(code ?? status, 'Twilio does not accept the account or its credentials'))
  if (status < 400 || status >= 500) return smsError(sentenceFor(status, 'Twilio has trouble'))
  const optedOut = code === optedOutCode
  return smsError(sentenceFor(code ?? status, 'Twilio refuses the message'), {
    permanent: true,
    ...(optedOut ? { optedOut } : {}),
  })
}

function codeIn(answer: unknown): number | null {
  const code = typeof answer === 'object' && answer !== null && 'code' in answer ? answer.code : null
  return typeof code === 'number' && Number.isInteger(code) ? code : null
}

/** The header has seconds or a date (RFC 9110, 10.2.3). */
function retryAfterIn(headers: Pick<Headers, 'get'>): { readonly retryAfter?: number } {
  const value = headers.get('retry-after')?.trim() ?? ''
  const ms = /^\d+$/.test(value) ? Number(value) * 1000 : Date.parse(value) - Date.now()
  return ms > 0 ? { retryAfter: ms } : {}
}
