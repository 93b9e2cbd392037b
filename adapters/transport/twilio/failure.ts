// What went wrong with an SMS, in our words and Twilio's code: its own text can hold the number and the message.

/** Read by the relay: `permanent` is not tried again, `retryAfter` is waited for (milliseconds), `failure` may be stored. */
export interface SmsError extends Error {
  readonly permanent: boolean
  readonly failure: string
  readonly retryAfter?: number
  readonly optedOut?: boolean
}

const smsError = (failure: string, facts: Partial<SmsError> = {}): SmsError =>
  Object.assign(new Error(failure), { permanent: false, failure, ...facts })

/** The recipient has told Twilio that they want no messages from this sender. */
export const optedOutCode = 21610

/** Codes that speak of the number, and not of the moment: no message will ever reach it. */
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

const others: Readonly<Record<number, string>> = {
  30003: 'The phone was off or out of reach',
  30004: 'The recipient or the network blocks the message',
  30007: 'The network took the message for spam',
  21617: 'The message is too long for Twilio',
}

export const isDeadNumber = (code: number): boolean => Object.hasOwn(deadNumbers, code)

/** A sentence for a code of Twilio's, with the code. */
export function sentenceFor(code: number | null, otherwise: string): string {
  if (code === null) return `${otherwise}.`
  const known = code === optedOutCode ? 'The recipient wants no messages from this sender' : (deadNumbers[code] ?? others[code])
  return `${known ?? otherwise} (${code}).`
}

export const notE164 = (): SmsError => smsError('The number is not in E.164.', { permanent: true })

export const noAnswer = (signal: AbortSignal): SmsError =>
  smsError(signal.aborted ? 'Twilio did not answer in time.' : 'Twilio could not be reached.')

/** Whoever runs the app mends these, and the message is still good. */
const ofTheAccount = new Set([401, 403, 404, 408])

/** An answer that is no success. */
export function refusal({ status, headers }: Pick<Response, 'status' | 'headers'>, answer: unknown): SmsError {
  const code = codeIn(answer)
  if (status === 429) return smsError(sentenceFor(code, 'Twilio asks to wait'), { ...waitIn(headers) })
  if (ofTheAccount.has(status))
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

/** Seconds, or a date (RFC 9110, 10.2.3). */
function waitIn(headers: Pick<Headers, 'get'>): { readonly retryAfter?: number } {
  const value = headers.get('retry-after')?.trim() ?? ''
  const ms = /^\d+$/.test(value) ? Number(value) * 1000 : Date.parse(value) - Date.now()
  return ms > 0 ? { retryAfter: ms } : {}
}
