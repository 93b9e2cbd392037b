// Errors of sending a mail. Their sentences are the library's own, with the status code; the server's text is left out,
// because it can quote the mail and its link.

/** What the relay reads: whether to try again (`permanent`), and the sentence to store (`failure`). */
export type MailError = Error & { readonly permanent: boolean; readonly status: number | null; readonly failure: string }

// The server asks for a login, or refuses ours. An operator repairs that, so the mail is tried again.
const loginStatuses = new Set([530, 534, 535, 538])

/** For whatever nodemailer rejects with. Its message and cause are dropped on purpose. */
export function toMailError(error: unknown, signal: AbortSignal): MailError {
  if (signal.aborted) return mailError('The try was stopped before the mail server took the mail.')
  const { code, command, responseCode } = fieldsOf(error)
  if (code === 'EAUTH' || code === 'ENOAUTH' || (responseCode !== null && loginStatuses.has(responseCode))) {
    return mailError('The mail server does not accept the sign-in', responseCode)
  }
  const isAboutMail = code === 'EENVELOPE' || code === 'EMESSAGE'
  if (responseCode === null) {
    return isAboutMail ? mailError('The mail could not be handed over.') : mailError(connectionErrors[code] ?? unreachable)
  }
  if (responseCode < 500) return mailError('The mail server asks to try again later', responseCode)
  // A 5xx that answers the greeting or HELO is about the connection, not about this mail, so it is not permanent.
  if (!isAboutMail) return mailError('The mail server refuses the connection', responseCode)
  const refused = command === 'RCPT TO' ? 'The mail server does not take the address' : 'The mail server refuses the mail'
  return mailError(refused, responseCode, true)
}

/** nodemailer asks for SMTPUTF8 (RFC 6531) when the envelope needs it, and never for a header. */
export const replyToError = (): MailError =>
  mailError('A reply-to address has other than ASCII characters before its @.', null, true)

const unreachable = 'The mail server could not be reached.'
const connectionErrors: Readonly<Record<string, string>> = {
  ETIMEDOUT: 'The mail server does not answer in time.',
  EDNS: 'The name of the mail server was not found.',
  ETLS: 'TLS with the mail server failed.',
  EREQUIRETLS: 'TLS with the mail server failed.',
}

function mailError(sentence: string, status: number | null = null, permanent = false): MailError {
  const message = status === null ? sentence : `${sentence} (${status}).`
  return Object.assign(new Error(message), { permanent, status, failure: message })
}

function fieldsOf(error: unknown) {
  const { code, command, responseCode } = (error ?? {}) as { readonly [name: string]: unknown }
  return {
    code: typeof code === 'string' ? code : '',
    command,
    responseCode: typeof responseCode === 'number' ? responseCode : null,
  }
}
