// The table of libraries, each met with a function over its own transaction type.
import { drizzle } from './drizzle.ts'
import { knex } from './knex.ts'
import { kysely } from './kysely.ts'
import type { Library } from './library.ts'
import { nodePostgres } from './pg.ts'
import { prisma } from './prisma.ts'

export function forEachLibrary(meet: <Tx>(library: Library<Tx>) => void): void {
  meet(nodePostgres)
  meet(kysely)
  meet(drizzle)
  meet(knex)
  meet(prisma)
}
