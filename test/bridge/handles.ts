// Small handles that show what a real one is given, or misbehave as it might.
import type { Handle } from '../../adapters/http/mount.ts'

/** Says what arrived; paths under `/else` are not its own. */
export const echo: Handle = async (request, { path, params, clientAddress, actor }) => {
  if (path.startsWith('/else') || path.startsWith('//')) return undefined
  const asked = await Promise.all([actor(), actor()])
  return Response.json({
    method: request.method,
    url: request.url,
    path,
    params,
    clientAddress,
    userId: asked[1]?.userId ?? null,
    headers: Object.fromEntries(request.headers),
    body: await request.text(),
  })
}

/** Reads at most 64 kB, as the real one does, and refuses the rest. */
export const limited: Handle = async request => {
  let size = 0
  const reader = request.body!.getReader()
  for (;;) {
    const { done, value } = await reader.read()
    if (done) return new Response(String(size))
    size += value.byteLength
    if (size > 65_536) {
      void reader.cancel()
      return new Response('too much', { status: 413 })
    }
  }
}

const chunk = new Uint8Array(65_536).fill(120)

/** Streams without end; says how much was taken from it, and whether it was cancelled. */
export function endless() {
  const seen = { taken: 0, cancelled: false }
  const handle: Handle = async () =>
    new Response(
      new ReadableStream<Uint8Array>({
        pull(controller) {
          seen.taken += chunk.byteLength
          controller.enqueue(chunk)
        },
        cancel() {
          seen.cancelled = true
        },
      }),
    )
  return { handle, seen }
}
