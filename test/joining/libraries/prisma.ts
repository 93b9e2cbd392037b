// Prisma 7 with its adapter for node-postgres.
import { PrismaPg } from '@prisma/adapter-pg'
import { fromPrisma, postgresStorage } from 'invitekit/postgres'
import { field, type Level, type Library } from './library.ts'
import { PrismaClient, type TransactionClient } from './prismaclient.ts'

const levels = {
  'read committed': 'ReadCommitted',
  'repeatable read': 'RepeatableRead',
  serializable: 'Serializable',
} as const satisfies Record<Level, string>

/** Prisma writes the schema before each of its tables. */
const schemaIn = (url: string) => /search_path=(\w+)/.exec(new URL(url).searchParams.get('options') ?? '')?.[1] ?? 'public'

export const prisma: Library<TransactionClient> = {
  name: 'prisma',
  stateOf: error => field(error, 'meta', 'driverAdapterError', 'cause', 'originalCode'),
  open(url, connections) {
    const adapter = new PrismaPg({ connectionString: url, max: connections }, { schema: schemaIn(url) })
    const db = new PrismaClient({ adapter })
    return {
      storage: options => postgresStorage(fromPrisma(db, { connections }), options),
      transaction: (work, level = 'read committed') =>
        db.$transaction(work, { isolationLevel: levels[level], maxWait: 15_000, timeout: 15_000 }),
      add: ({ organizationId, userId }, tx) =>
        (tx ?? db).teamMember.create({ data: { organization: organizationId, person: userId } }),
      count: (organizationId, tx) => (tx ?? db).teamMember.count({ where: { organization: organizationId } }),
      async has({ organizationId, userId }, tx) {
        const seat = { organization: organizationId, person: userId }
        return (await (tx ?? db).teamMember.findUnique({ where: { organization_person: seat } })) !== null
      },
      run: (text, tx) => tx.$queryRawUnsafe(text),
      close: () => db.$disconnect(),
    }
  },
}
