// The entry `invitekit`: everything of core, and what has its defaults from adapters. The only file of src that imports them.
import { loadPhoneParser } from '../adapters/phone/libphonenumber.ts'
import { loadTemplateEngine } from '../adapters/templates/liquid.ts'
import type { Invites } from './api/invites.ts'
import type { InvitesOptions, RoleOf } from './api/options.ts'
import { makeInvites } from './create-invites.ts'
import type { JsonObject } from './domain/invite.ts'
import type { defaultRoles, RoleRules } from './domain/roles.ts'

export { consoleTransport } from '../adapters/transport/console.ts'
export * from './core.ts'

/**
 * Makes the invites of your app. Options are checked here: a fault throws, and says how to mend it.
 *
 * ```ts
 * const invites = createInvites({
 *   storage: sqliteStorage({ database: 'app.db' }),
 *   keys: [process.env['INVITE_KEY'] ?? ''],   // openssl rand -hex 32
 *   publicUrl: 'https://app.example.com/invites',
 * })
 * await invites.migrate()
 * ```
 */
export function createInvites<
  Tx,
  const Roles extends RoleRules = typeof defaultRoles,
  Metadata = JsonObject,
  Sync extends boolean = false,
  MetadataInput = Metadata,
>(options: InvitesOptions<Tx, Roles, Metadata, Sync, MetadataInput>): Invites<RoleOf<Roles>, Tx, Metadata, MetadataInput> {
  return makeInvites(options as unknown as InvitesOptions<Tx, Roles, Metadata, boolean, MetadataInput>, {
    phoneParser: loadPhoneParser,
    templateEngine: loadTemplateEngine,
  })
}
