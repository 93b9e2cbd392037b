// Prints messages instead of sending them: for development.
import type { Transport } from '../../src/core.ts'

/** A transport that writes every message to the console, link included. Not for production. */
export const consoleTransport = (write: (line: string) => void = console.log): Transport => ({
  async send({ to, subject, text }) {
    write([`To: ${to}`, ...(subject === undefined ? [] : [`Subject: ${subject}`]), '', text, ''].join('\n'))
    return {}
  },
})
