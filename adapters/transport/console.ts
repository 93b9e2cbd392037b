// A transport for development: it prints messages instead of sending them.
import type { Transport } from '../../src/core.ts'

/** Writes every message to the console, its link included. Not for production: whoever reads the logs can accept invites. */
export const consoleTransport = (write: (line: string) => void = console.log): Transport => ({
  async send({ to, subject, text }) {
    write([`To: ${to}`, ...(subject === undefined ? [] : [`Subject: ${subject}`]), '', text, ''].join('\n'))
    return {}
  },
})
