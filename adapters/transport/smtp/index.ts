// `invitekit/smtp`: a transport that sends mail over SMTP with nodemailer, through a connection pool with timeouts.
import type { OutgoingMessage, Transport } from '../../../src/core.ts'
import { checkServer, type Server } from './check-options.ts'
import { replyToError, toMailError } from './failure.ts'
import { fitsHeader, messageId } from './mailbox.ts'
import type { SmtpOptions } from './options.ts'

export type { SmtpOptions } from './options.ts'

/**
 * Sends mail through an SMTP server.
 *
 * ```ts
 * transports: { email: smtpTransport({ url: process.env['SMTP_URL'] ?? '', from: 'Acme <team@acme.example>' }) }
 * ```
 * Throws a `TypeError` at once when an option cannot work. nodemailer is loaded with the first mail. A 5xx that answers the
 * mail itself is permanent; a 4xx, a refused login and a broken connection are tried again.
 *
 * Every mail has `List-Unsubscribe` and `List-Unsubscribe-Post`. Mail clients show their button only when a DKIM signature
 * covers both (RFC 8058). Your mail server signs, so make sure that its list of signed headers (`h=`) has them. Bounces come
 * as mail or by your provider's webhook: hand them to `invites.report` with their `Message-ID`.
 */
export function smtpTransport(options: SmtpOptions): Transport {
  const server = checkServer(options)
  let pool: Promise<Pool> | null = null
  // A failure is not cached: the next mail tries to load nodemailer again.
  const openOnce = () => {
    pool ??= openPool(server).catch(error => {
      pool = null
      throw error
    })
    return pool
  }
  return {
    reach: 'email',
    maxInFlight: server.maxInFlight,
    perSecond: options.perSecond,
    async send(message) {
      if (message.replyTo?.every(fitsHeader) === false) throw replyToError()
      const { sendMail } = await openOnce()
      const { signal } = message
      try {
        const { messageId } = await rejectOnAbort(signal, () => sendMail({ ...toMail(message, server), signal }))
        return { providerId: messageId }
      } catch (error) {
        throw toMailError(error, signal)
      }
    },
    async close() {
      const open = pool
      pool = null
      await open?.then(
        ({ close }) => close(),
        () => {},
      )
    },
  }
}

/** nodemailer before version 10 ignores the signal. Its attempt then goes on, and nobody waits for its outcome. */
function rejectOnAbort<T>(signal: AbortSignal, work: () => Promise<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    if (signal.aborted) return reject(signal.reason)
    const abort = () => reject(signal.reason)
    signal.addEventListener('abort', abort, { once: true })
    work()
      .then(resolve, reject)
      .finally(() => signal.removeEventListener('abort', abort))
  })
}

type Mail = ReturnType<typeof toMail> & { readonly signal: AbortSignal }

interface Pool {
  sendMail(mail: Mail): Promise<{ readonly messageId: string }>
  close(): void
}

/** One line without `=?`, which begins an encoded word (RFC 2047): a mail client would decode it to unsanitized text. */
const oneLine = (text: string) => text.replace(/[\r\n\u2028\u2029]+/g, ' ').replaceAll('=?', '=\u2060?')

function toMail(message: OutgoingMessage, { from, replyTo }: Server) {
  const { id, to, subject, text, html, headers, senderName } = message
  const replyToList = message.replyTo?.map(address => ({ name: '', address })) ?? (replyTo ? [replyTo] : [])
  return {
    from: senderName === undefined ? { ...from } : { ...from, name: oneLine(senderName) },
    // An object, because nodemailer parses a string and may find several addresses in it.
    to: { name: '', address: to },
    ...(replyToList.length === 0 ? {} : { replyTo: replyToList.map(mailbox => ({ ...mailbox })) }),
    messageId: messageId(id, from.address),
    subject: oneLine(subject ?? ''),
    text,
    ...(html === undefined ? {} : { html }),
    headers: {
      ...Object.fromEntries(Object.entries(headers).map(([name, value]) => [oneLine(name), oneLine(value)])),
      'Auto-Submitted': 'auto-generated',
      'X-Auto-Response-Suppress': 'All',
    },
    disableFileAccess: true,
    disableUrlAccess: true,
  }
}

async function openPool({ connection }: Server): Promise<Pool> {
  const { createTransport } = await import('nodemailer').catch(cause => {
    throw new Error('invitekit/smtp needs the package nodemailer, which is not installed: npm install nodemailer', { cause })
  })
  const transport = createTransport({ ...connection, pool: true })
  return { sendMail: mail => transport.sendMail(mail), close: () => transport.close() }
}
