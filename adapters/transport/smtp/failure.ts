// What went wrong with a mail, in our words and the status code: the server's text can hold the mail and its link.

/** Read by the relay: `permanent` is not tried again, and `failure` may be stored. */
export type MailError = Error & { readonly permanent: boolean; readonly status: number | null; readonly failure: string }

// The server asks for a sign-in, or does not take ours: the operator mends that, and the mail is still good.
const signIn = new Set([530, 534, 535, 538])

/** From whatever nodemailer rejects with. Its own message and cause are dropped on purpose. */
export function toMailError(error: unknown, signal: AbortSignal): MailError {
  if (signal.aborted) return mailError('The try was stopped before the mail server took the mail.')
  const { code, command, responseCode } = factsOf(error)
  if (code === 'EAUTH' || code === 'ENOAUTH' || (responseCode !== null && signIn.has(responseCode))) {
    return mailError('The mail server does not accept the sign-in', responseCode)
  }
  const toTheMail = code === 'EENVELOPE' || code === 'EMESSAGE'
  if (responseCode === null) {
    return toTheMail ? mailError('The mail could not be handed over.') : mailError(words[code] ?? unreachable)
  }
  if (responseCode < 500) return mailError('The mail server asks to try again later', responseCode)
  // 5xx to a greeting or a HELO is about the line, not about this mail.
  if (!toTheMail) return mailError('The mail server refuses the connection', responseCode)
  const refused = command === 'RCPT TO' ? 'The mail server does not take the address' : 'The mail server refuses the mail'
  return mailError(refused, responseCode, true)
}

/** nodemailer says SMTPUTF8 (RFC 6531) for an envelope that needs it, and never for a header. */
export const replyToError = (): MailError =>
  mailError('A reply-to address has other than ASCII characters before its @.', null, true)

const unreachable = 'The mail server could not be reached.'
const words: Readonly<Record<string, string>> = {
  ETIMEDOUT: 'The mail server does not answer in time.',
  EDNS: 'The name of the mail server was not found.',
  ETLS: 'TLS with the mail server failed.',
  EREQUIRETLS: 'TLS with the mail server failed.',
}

function mailError(sentence: string, status: number | null = null, permanent = false): MailError {
  const message = status === null ? sentence : `${sentence} (${status}).`
  return Object.assign(new Error(message), { permanent, status, failure: message })
}

function factsOf(error: unknown) {
  const { code, command, responseCode } = (error ?? {}) as { readonly [name: string]: unknown }
  return {
    code: typeof code === 'string' ? code : '',
    command,
    responseCode: typeof responseCode === 'number' ? responseCode : null,
  }
}
