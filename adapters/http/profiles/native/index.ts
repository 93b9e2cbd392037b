// The native API as a profile: its route table, its schemas, its OpenAPI document, and its problem documents.
import type { Profile } from '../../handler/profile.ts'
import { refusePage } from '../shared/pages.ts'
import { createDocument } from './openapi.ts'
import { problemReply } from './problem.ts'
import { createRoutes } from './routes/index.ts'
import { createInputSchemas } from './schemas/inputs.ts'
import { createResultSchemas } from './schemas/results.ts'

export const native: Profile = {
  accepts: ['application/json', 'application/merge-patch+json'],
  routes({ invites, isMounted }) {
    const { publicUrl, roles } = invites.config
    const schemas = createInputSchemas(roles)
    const results = createResultSchemas(schemas)
    // Made when it is first asked for: most processes never are.
    let document: object | undefined
    const getDocument = () => {
      document ??= createDocument(publicUrl, routes.filter(isMounted), schemas)
      return document
    }
    const routes = createRoutes(invites, schemas, results, getDocument)
    return routes
  },
  refuse: refusal => problemReply(refusal, refusal.requestId),
  refusePage,
}
