// The process that crash.ts kills. Its transport says that it has begun, and waits for the end.
import { createInvites, type Storage } from 'invitekit'
import { postgresStorage } from 'invitekit/postgres'
import { sqliteStorage } from 'invitekit/sqlite'
import { graceActor, roles, team } from '../app/people.ts'
import { openPool } from '../data/postgres.ts'
import { readSettings } from '../settings.ts'

const [name, address = '', email = '', publicUrl = ''] = process.argv.slice(2)

async function doom<Tx>(storage: Storage<Tx>): Promise<void> {
  const invites = createInvites({
    storage,
    keys: [readSettings(process.env).key],
    publicUrl,
    roles,
    transports: {
      email: {
        send() {
          process.send?.('committed, about to send')
          return new Promise(() => {})
        },
      },
    },
    relay: { lease: '3s' }, // how long what it held stays held after its death
    directory: { organization: () => ({ name: team.name }) },
  })
  await invites.create({ recipient: { email }, role: 'member' }, { actor: graceActor })
}

await doom(
  name === 'Postgres'
    ? (postgresStorage({ pool: openPool(address) }) as Storage<unknown>)
    : (sqliteStorage({ database: address }) as Storage<unknown>),
)
