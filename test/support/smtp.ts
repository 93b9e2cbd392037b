// A real mail server on loopback that can be as unhelpful as real ones are.
import { once } from 'node:events'
import type { Socket } from 'node:net'
import { text } from 'node:stream/consumers'
import PostalMime, { type Email } from 'postal-mime'
import { SMTPServer, type SMTPServerSession } from 'smtp-server'

/** Asked with the recipient's address, and how often this address was tried, from 1. */
export type Hook = (address: string, attempt: number) => boolean

export interface Behaviour {
  /** True: 550 at RCPT TO, for good. */
  readonly refuse?: Hook
  /** True: 451 at RCPT TO, "try again later". `(_, attempt) => attempt === 1` is what greylisting does. */
  readonly greylist?: Hook
  /** True: no answer to RCPT TO, ever. */
  readonly hang?: Hook
  /** True: the mail is taken, and the connection cut before the sender is told so. */
  readonly drop?: Hook
  /** Without SMTPUTF8: 553 at RCPT TO for a name beyond ASCII before the @. From the start. */
  readonly ascii?: boolean
}

export interface ParsedMail {
  readonly envelope: { readonly from: string; readonly to: readonly string[] }
  /** Names in lower case; of a repeated header the last. */
  readonly headers: Readonly<Record<string, string>>
  readonly messageId: string
  readonly subject: string
  readonly text: string
  readonly html: string
  /** As it came over the wire. */
  readonly raw: string
  /** Everything else that the parser found. */
  readonly email: Email
}

export interface Smtp {
  /** `smtp://127.0.0.1:port` */
  readonly url: string
  readonly port: number
  /** Every mail that was taken, in order. */
  readonly inbox: ParsedMail[]
  /** How often RCPT TO named this address. */
  readonly attempts: (address: string) => number
  /** Replaces the behaviour from now on. */
  readonly behave: (behaviour: Behaviour) => void
  /** The `nth` mail to this address, from 1, as soon as it is there; an error after `timeout` milliseconds. */
  readonly waitFor: (address: string, options?: { nth?: number; timeout?: number }) => Promise<ParsedMail>
  /** Cuts every connection and frees the port. */
  readonly close: () => Promise<void>
}

/** `port` to come back on the port that an earlier one had; otherwise any free one. */
export async function startSmtp({ port = 0, ...first }: Behaviour & { port?: number } = {}): Promise<Smtp> {
  let behaviour: Behaviour = first
  const inbox: ParsedMail[] = []
  const tries = new Map<string, number>()
  const attempts = (address: string) => tries.get(address.toLowerCase()) ?? 0
  const says = (hook: Exclude<keyof Behaviour, 'ascii'>, address: string) =>
    behaviour[hook]?.(address, attempts(address)) ?? false
  const arrivals = new EventTarget()

  const server = new SMTPServer({
    name: 'mail.test',
    disabledCommands: ['AUTH', 'STARTTLS'],
    disableReverseLookup: true,
    hideSMTPUTF8: first.ascii ?? false,
    closeTimeout: 1,
    socketTimeout: 600_000,
    onRcptTo({ address }, _session, answer) {
      tries.set(address.toLowerCase(), attempts(address) + 1)
      if (says('hang', address)) return
      if (says('refuse', address)) return answer(reply(550, '5.1.1 No such mailbox'))
      if (first.ascii && /[^\x20-\x7e].*@/.test(address)) return answer(reply(553, '5.6.7 Bad recipient address syntax'))
      if (says('greylist', address)) return answer(reply(451, '4.7.1 Greylisted, try again later'))
      answer()
    },
    async onData(stream, session, answer) {
      const mail = await toMail(await text(stream), session)
      inbox.push(mail)
      arrivals.dispatchEvent(new Event('mail'))
      if (mail.envelope.to.some(address => says('drop', address))) sockets.get(session.remotePort)?.destroy()
      else answer()
    },
  })
  // A client that goes away in the middle is what these tests are about.
  server.on('error', () => {})
  const sockets = new Map<number | undefined, Socket>()
  server.server.on('connection', socket => {
    const port = socket.remotePort
    sockets.set(port, socket)
    socket.once('close', () => sockets.delete(port))
  })
  server.listen(port, '127.0.0.1')
  await once(server.server, 'listening')
  const address = server.server.address()
  const bound = typeof address === 'object' && address !== null ? address.port : port

  const waitFor: Smtp['waitFor'] = async (to, { nth = 1, timeout = 5000 } = {}) => {
    const signal = AbortSignal.timeout(timeout)
    for (;;) {
      const mails = inbox.filter(mail => mail.envelope.to.some(one => one.toLowerCase() === to.toLowerCase()))
      const mail = mails[nth - 1]
      if (mail) return mail
      await once(arrivals, 'mail', { signal }).catch(cause => {
        throw new Error(`${mails.length} of ${nth} mails to ${to} came within ${timeout} ms`, { cause })
      })
    }
  }
  const close = async () => {
    for (const socket of sockets.values()) socket.destroy()
    await new Promise<void>(done => server.close(done))
  }
  return {
    url: `smtp://127.0.0.1:${bound}`,
    port: bound,
    inbox,
    attempts,
    behave: next => {
      behaviour = next
    },
    waitFor,
    close,
  }
}

const reply = (responseCode: number, message: string) => Object.assign(new Error(message), { responseCode })

async function toMail(raw: string, { envelope }: SMTPServerSession): Promise<ParsedMail> {
  const email = await PostalMime.parse(raw)
  return {
    envelope: {
      from: envelope.mailFrom === false ? '' : envelope.mailFrom.address,
      to: envelope.rcptTo.map(({ address }) => address),
    },
    headers: Object.fromEntries(email.headers.map(({ key, value }) => [key, value])),
    messageId: email.messageId ?? '',
    subject: email.subject ?? '',
    text: email.text ?? '',
    html: email.html ?? '',
    raw,
    email,
  }
}
