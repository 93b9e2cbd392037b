// An endpoint on loopback that keeps the requests it gets, and answers as a test says.
import { createServer, type IncomingHttpHeaders, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo, Socket } from 'node:net'
import type { InviteEvent } from 'invitekit'

export interface Got {
  readonly method: string
  readonly path: string
  readonly headers: IncomingHttpHeaders
  /** The bytes as they came. */
  readonly raw: Buffer
  readonly text: string
}

/** `nth` counts from 1. */
export type Answering = (response: ServerResponse, nth: number, request: IncomingMessage) => void

export type Receiver = Awaited<ReturnType<typeof startReceiver>>

export const status =
  (code: number, headers: Readonly<Record<string, string>> = {}): Answering =>
  response =>
    void response.writeHead(code, headers).end('not for the sender’s eyes')

/** Each answer for one request, the last for all that follow. */
export const inOrder =
  (...answers: readonly Answering[]): Answering =>
  (response, nth, request) =>
    answers[Math.min(nth, answers.length) - 1]?.(response, nth, request)

export async function startReceiver(answering: Answering = status(204), port = 0) {
  const got: Got[] = []
  const sockets = new Set<Socket>()
  let connections = 0
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = []
    for await (const chunk of request) chunks.push(chunk)
    const raw = Buffer.concat(chunks)
    const { method = '', url: path = '', headers } = request
    got.push({ method, path, headers, raw, text: raw.toString() })
    answering(response, got.length, request)
  })
  server.on('connection', socket => {
    connections += 1
    sockets.add(socket)
    socket.once('close', () => sockets.delete(socket))
  })
  await new Promise<void>(resolve => server.listen(port, '127.0.0.1', resolve))
  const bound = (server.address() as AddressInfo).port
  return {
    port: bound,
    url: `http://127.0.0.1:${bound}/hooks?for=acme`,
    got,
    events: () => got.map(({ text }) => JSON.parse(text) as InviteEvent),
    ids: () => got.map(({ headers }) => headers['webhook-id']),
    connections: () => connections,
    /** Connections that stand now. */
    open: () => sockets.size,
    /** Ends as a killed process does. */
    kill: () =>
      new Promise<void>(resolve => {
        server.close(() => resolve())
        for (const socket of sockets) socket.resetAndDestroy()
      }),
  }
}
