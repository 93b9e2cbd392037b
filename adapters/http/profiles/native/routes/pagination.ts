// One page of a list as an answer, with the address of the next in its Link header (RFC 8288).
import type { Config } from '../../../../../src/core.ts'
import type { Reply } from '../../../handler/message.ts'
import type { RouteContext } from '../../../handler/route.ts'

export const pagedBelow =
  ({ publicUrl }: Pick<Config, 'publicUrl'>) =>
  (answer: { readonly nextCursor: string | null }, { path, query }: Pick<RouteContext, 'path' | 'query'>): Reply => {
    if (answer.nextCursor === null) return { status: 200, body: answer }
    const next = new URLSearchParams(query)
    next.set('cursor', answer.nextCursor)
    const link = `<${publicUrl}${path === '/' ? '' : path}?${next}>; rel="next"`
    return { status: 200, body: answer, headers: { link } }
  }
