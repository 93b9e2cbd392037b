// A transport for tests: it keeps every message instead of sending it, with its link and token.
import type { OutgoingMessage, Transport } from '../../src/index.ts'

export interface CapturedMessage extends Omit<OutgoingMessage, 'signal'> {
  readonly channel: string
  /** The first link in the text, and the token at its end. */
  readonly link: string
  readonly token: string
}

export interface Mailbox {
  /** All messages, oldest first. */
  readonly messages: readonly CapturedMessage[]
  /** The newest message to this address. Throws when there is none. */
  readonly last: (to?: string) => CapturedMessage
  readonly clear: () => void
  readonly transport: (channel: string) => Transport
}

export function createMailbox(): Mailbox {
  const messages: CapturedMessage[] = []
  return {
    messages,
    last(to) {
      const found = messages.findLast(message => to === undefined || message.to.toLowerCase() === to.toLowerCase())
      if (!found) throw new Error(`no message${to === undefined ? '' : ` to ${to}`}; there are ${messages.length}`)
      return found
    },
    clear: () => void messages.splice(0),
    transport: channel => captureTransport(message => messages.push({ ...message, channel })),
  }
}

/** A transport that calls a function with each message. */
export function captureTransport(capture: (message: Omit<CapturedMessage, 'channel'>) => void): Transport {
  return {
    async send({ signal, ...message }) {
      const link = /https?:\/\/\S+/.exec(message.text)?.[0] ?? ''
      capture({ ...message, link, token: /[\w-]{48}/.exec(link)?.[0] ?? '' })
      return {}
    },
  }
}
