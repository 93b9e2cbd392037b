// Mail over SMTP, by nodemailer: pooled, bounded in time, and silent about what the server says.
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
 * Throws a `TypeError` at once when an option cannot work. nodemailer is loaded with the first mail. An answer of 5xx to
 * the mail itself is permanent; 4xx, a refused sign-in and a broken line are not.
 *
 * Every mail carries `List-Unsubscribe` and `List-Unsubscribe-Post`. Mailboxes show their button only where a DKIM
 * signature covers both (RFC 8058): your mail server signs, so see that its list of signed headers (`h=`) has them.
 * Bounces come back as mail or as your provider's webhook: hand them to `invites.report` with their `Message-ID`.
 */
export function smtpTransport(options: SmtpOptions): Transport {
  const server = checkServer(options)
  let pool: Promise<Pool> | null = null
  // A failed load is not kept: the next try may find what was missing.
  const opened = () => {
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
      const { sendMail } = await opened()
      const { signal } = message
      try {
        const { messageId } = await unlessStopped(signal, () => sendMail({ ...toMail(message, server), signal }))
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

/** nodemailer before version 10 knows no signal: its try then ends by itself, unheard. */
function unlessStopped<T>(signal: AbortSignal, work: () => Promise<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    if (signal.aborted) return reject(signal.reason)
    const stop = () => reject(signal.reason)
    signal.addEventListener('abort', stop, { once: true })
    work()
      .then(resolve, reject)
      .finally(() => signal.removeEventListener('abort', stop))
  })
}

type Mail = ReturnType<typeof toMail> & { readonly signal: AbortSignal }

interface Pool {
  sendMail(mail: Mail): Promise<{ readonly messageId: string }>
  close(): void
}

/** One line, in which nothing is read as an encoded word (RFC 2047): that would undo what made it harmless. */
const oneLine = (text: string) => text.replace(/[\r\n\u2028\u2029]+/g, ' ').replaceAll('=?', '=\u2060?')

function toMail(message: OutgoingMessage, { from, replyTo }: Server) {
  const { id, to, subject, text, html, headers, senderName } = message
  const answers = message.replyTo?.map(address => ({ name: '', address })) ?? (replyTo ? [replyTo] : [])
  return {
    from: senderName === undefined ? { ...from } : { ...from, name: oneLine(senderName) },
    // As an object nothing in it is parsed, so it stays one address.
    to: { name: '', address: to },
    ...(answers.length === 0 ? {} : { replyTo: answers.map(answer => ({ ...answer })) }),
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
