// A mail server for senders that die: it keeps who got which Message-ID, and forgets what was cut off in the middle.
import { once } from 'node:events'
import type { Readable } from 'node:stream'
import { text } from 'node:stream/consumers'
import { SMTPServer } from 'smtp-server'

export interface Arrival {
  readonly to: string
  /** Without brackets and domain: the id of the message. */
  readonly id: string
  /** `performance.now()` of the test. */
  readonly at: number
}

export interface MailServer {
  readonly url: string
  readonly inbox: readonly Arrival[]
  /** How many mails were begun: with cut ones. */
  readonly begun: () => number
  readonly close: () => Promise<void>
}

/** `cut` is asked after DATA began, with the number of the mail from 1: true closes the connection there. */
export async function startMailServer(cut: (nth: number) => boolean = () => false): Promise<MailServer> {
  const inbox: Arrival[] = []
  let begun = 0
  const server = new SMTPServer({
    disabledCommands: ['AUTH', 'STARTTLS'],
    disableReverseLookup: true,
    closeTimeout: 1,
    onData(stream, { envelope, remotePort }, answer) {
      begun += 1
      if (cut(begun)) return sockets.get(remotePort)?.destroy()
      read(stream).then(id => {
        if (id === null) return
        inbox.push(...envelope.rcptTo.map(({ address }) => ({ to: address, id, at: performance.now() })))
        answer()
      })
    },
  })
  server.on('error', () => {})
  const sockets = new Map<number | undefined, { destroy(): void }>()
  server.server.on('connection', socket => {
    const { remotePort } = socket
    sockets.set(remotePort, socket)
    socket.once('close', () => sockets.delete(remotePort))
  })
  server.listen(0, '127.0.0.1')
  await once(server.server, 'listening')
  const address = server.server.address()
  const port = typeof address === 'object' ? address?.port : undefined
  const close = async () => {
    for (const socket of sockets.values()) socket.destroy()
    await new Promise<void>(done => server.close(done))
  }
  return { url: `smtp://127.0.0.1:${port}`, inbox, begun: () => begun, close }
}

/** The id of a mail that came whole; null when its sender was gone before the end. */
const read = (stream: Readable): Promise<string | null> =>
  text(stream).then(
    mail => /^message-id: <([^@>]+)@/im.exec(mail)?.[1] ?? 'a mail without Message-ID',
    () => null,
  )
