// A real mail server on loopback, for the demo alone: it takes every mail and keeps it, beside what the phone gets.
import { once } from 'node:events'
import type { AddressInfo, Socket } from 'node:net'
import { text } from 'node:stream/consumers'
import PostalMime from 'postal-mime'
import { SMTPServer } from 'smtp-server'

export interface Mail {
  readonly number: number
  readonly kind: 'mail' | 'sms'
  readonly to: string
  readonly from: string
  readonly subject: string
  readonly messageId: string
  readonly text: string
  readonly html: string
  /** The path of the link that a mail client shows a button for. */
  readonly unsubscribe: string | null
}

export interface MailServer {
  readonly url: string
  /** False when SMTP_URL names a server that is not ours: then nothing can be read here. */
  readonly ours: boolean
  readonly mails: readonly Mail[]
  /** Another message for the inbox. */
  readonly put: (message: Omit<Mail, 'number'>) => void
  readonly onMail: (listener: () => void) => void
  readonly isUp: () => boolean
  readonly stop: () => Promise<void>
  readonly start: () => Promise<void>
  readonly close: () => Promise<void>
}

export async function startMail(url: string | undefined): Promise<MailServer> {
  const mails: Mail[] = []
  const listeners: (() => void)[] = []
  const put = (message: Omit<Mail, 'number'>) => {
    mails.push({ number: mails.length + 1, ...message })
    for (const listener of listeners) listener()
  }
  const rest = { mails, put, onMail: (listener: () => void) => void listeners.push(listener) }
  const nothing = async () => {}
  if (url) return { ...rest, url, ours: false, isUp: () => true, stop: nothing, start: nothing, close: nothing }

  const take = async (raw: string, to: string) => {
    const mail = await PostalMime.parse(raw)
    const unsubscribe = mail.headers.find(({ key }) => key === 'list-unsubscribe')?.value.replace(/[<>]/g, '')
    put({
      kind: 'mail',
      to,
      from: mail.from?.name || mail.from?.address || '',
      subject: mail.subject ?? '',
      messageId: mail.messageId ?? '',
      text: mail.text ?? '',
      html: mail.html ?? '',
      unsubscribe: unsubscribe === undefined ? null : new URL(unsubscribe).pathname,
    })
  }
  let running: Running | null = await open(0, take)
  const { port } = running

  async function stop(): Promise<void> {
    await running?.close()
    running = null
  }
  return {
    ...rest,
    url: `smtp://127.0.0.1:${port}`,
    ours: true,
    isUp: () => running !== null,
    stop,
    async start() {
      running ??= await open(port, take)
    },
    close: stop,
  }
}

interface Running {
  readonly port: number
  readonly close: () => Promise<void>
}

async function open(port: number, take: (raw: string, to: string) => Promise<void>): Promise<Running> {
  const sockets = new Set<Socket>()
  const server = new SMTPServer({
    disabledCommands: ['AUTH', 'STARTTLS'],
    disableReverseLookup: true,
    closeTimeout: 1,
    async onData(stream, { envelope }, answer) {
      await take(await text(stream), envelope.rcptTo.map(({ address }) => address).join(', '))
      answer()
    },
  })
  // A connection that is cut is what one of the buttons is for.
  server.on('error', () => {})
  server.server.on('connection', (socket: Socket) => {
    sockets.add(socket)
    socket.once('close', () => sockets.delete(socket))
  })
  server.listen(port, '127.0.0.1')
  await once(server.server, 'listening')
  return {
    port: (server.server.address() as AddressInfo).port,
    async close() {
      for (const socket of sockets) socket.destroy()
      await new Promise<void>(done => server.close(() => done()))
    },
  }
}
