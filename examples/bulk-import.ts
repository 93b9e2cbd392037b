// A CSV file of people: first a dry run that shows what would happen, then the real one, with an outcome for each line.
//
//   npx tsx examples/bulk-import.ts
import { randomBytes } from 'node:crypto'
import { type Actor, type BulkInput, createInvites, type JsonObject } from 'invitekit'
import { sqliteStorage } from 'invitekit/sqlite'

type Role = 'admin' | 'member'

export const invites = createInvites({
  storage: sqliteStorage({ database: process.env['DATABASE_FILE'] ?? ':memory:' }),
  keys: [process.env['INVITE_KEY'] ?? randomBytes(32)], // store a key: with a random one, links end with the process
  publicUrl: 'https://app.example.com/invites',
  roles: { admin: { grants: ['admin', 'member'] }, member: {} },
  limits: { bulk: 500 },
})
await invites.migrate()

const actor: Actor = { userId: 'ada', organizationId: 'acme', role: 'admin' }

/** One sentence for each line. A line that is refused holds up none of the others. */
export async function importPeople(csv: string, { dryRun }: { dryRun: boolean }): Promise<string[]> {
  const lines = csv.trim().split('\n').slice(1)
  const sentences: string[] = []
  for (let start = 0; start < lines.length; start += 500) {
    const list = lines.slice(start, start + 500).map(toInvite)
    const { results } = await invites.createMany({ invites: list, dryRun }, { actor })
    for (const { index, outcome, error } of results) {
      sentences.push(`line ${start + index + 2}: ${outcome}${error ? ` (${error.code})` : ''}`)
    }
  }
  return sentences
}

function toInvite(line: string): BulkInput<Role, JsonObject>['invites'][number] {
  const [email = '', fullName = '', role = ''] = line.split(',').map(cell => cell.trim())
  return { recipient: { email, fullName: fullName || null }, role: role === 'admin' ? 'admin' : 'member' }
}

export const people = `email,name,role
grace@example.com,Grace Hopper,admin
alan@example.com,Alan Turing,
GRACE@example.com,Grace again,
not an address,Nobody,
`
console.log(await importPeople(people, { dryRun: true }))
console.log(await importPeople(people, { dryRun: false }))
console.log(await importPeople(people, { dryRun: false })) // the same file once more: nobody is invited twice
