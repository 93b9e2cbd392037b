// Answers with one page of a list, and the URL of the next page in a Link header (RFC 8288).
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
