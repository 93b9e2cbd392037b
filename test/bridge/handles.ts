// Small handles that show what a real one is given, or misbehave as it might.
import { randomUUID } from 'node:crypto'
import { readBytes } from '../../adapters/http/handler/body.ts'
import type { Handle } from '../../adapters/http/handler/exchange.ts'
import type { Incoming } from '../../adapters/http/handler/message.ts'
import { toProblem } from '../../adapters/http/handler/refusal.ts'
import { toOutgoing } from '../../adapters/http/handler/response.ts'
import { problemReply } from '../../adapters/http/profiles/native/problem.ts'

const names = ['x-one', 'content-type', 'content-length', 'content-encoding', 'transfer-encoding'] as const

const headersOf = ({ headers }: Incoming) =>
  Object.fromEntries(names.flatMap(name => (headers.has(name) ? [[name, headers.get(name)]] : [])))

const bodyOf = async (request: Incoming, timeout = 5_000) =>
  String(Buffer.from(await readBytes(request, { limit: 65_536, timeout })))

/** Always the same answer. */
export const answering =
  (make: () => Response): Handle =>
  async () =>
    toOutgoing(make())

/** Says what arrived; paths under `/else` are not its own. */
export const echo: Handle = async (request, { path, clientAddress, actor }) => {
  if (path.startsWith('/else') || path.startsWith('//')) return undefined
  const [, asked] = await Promise.all([actor(), actor()])
  const { method, query } = request
  const who = { userId: asked?.userId ?? null, organizationId: asked?.organizationId ?? null }
  return toOutgoing({
    status: 200,
    body: { method, query, path, clientAddress, ...who, headers: headersOf(request), body: await bodyOf(request) },
  })
}

/** Reads at most 64 kB for 300 ms, as the real one does with more patience, and refuses the rest. */
export const limited: Handle = async request => {
  try {
    return toOutgoing({ status: 200, body: { size: (await bodyOf(request, 300)).length } })
  } catch (error) {
    const problem = toProblem(error)
    if (problem === null) throw error
    return toOutgoing(problemReply(problem, randomUUID()))
  }
}

const chunk = new Uint8Array(65_536).fill(120)

/** Streams without end; says how much was taken from it, and whether it was cancelled. */
export function endless() {
  const seen = { taken: 0, cancelled: false }
  const stream = () =>
    new ReadableStream<Uint8Array>({
      pull(controller) {
        seen.taken += chunk.byteLength
        controller.enqueue(chunk)
      },
      cancel() {
        seen.cancelled = true
      },
    })
  return { handle: answering(() => new Response(stream())), seen }
}
