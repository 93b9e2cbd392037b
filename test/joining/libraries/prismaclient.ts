// A PrismaClient for one table, put together from Prisma's own runtime as `prisma generate` would: so no test needs its
// CLI, the engines that it downloads, or generated code. The signatures are those that it generates.
import type { PrismaPg } from '@prisma/adapter-pg'
import { getPrismaClient, type ITXClientDenyList, type Types } from '@prisma/client/runtime/client'

const schema = `datasource db {
  provider = "postgresql"
}
model TeamMember {
  organization String
  person       String
  @@id([organization, person])
  @@map("team_members")
}
`

interface TeamMember {
  readonly organization: string
  readonly person: string
}

type Promised<T> = Types.Public.PrismaPromise<T>
type TransactionOptions = {
  maxWait?: number
  timeout?: number
  isolationLevel?: 'ReadUncommitted' | 'ReadCommitted' | 'RepeatableRead' | 'Serializable'
}

export interface PrismaClient {
  readonly teamMember: {
    create(args: { readonly data: TeamMember }): Promised<TeamMember>
    count(args: { readonly where: Partial<TeamMember> }): Promised<number>
    findUnique(args: { readonly where: { readonly organization_person: TeamMember } }): Promised<TeamMember | null>
  }
  $queryRawUnsafe<T = unknown>(query: string, ...values: unknown[]): Promised<T>
  $transaction<P extends Promised<unknown>[]>(
    queries: [...P],
    options?: TransactionOptions,
  ): Types.Utils.JsPromise<Types.Utils.UnwrapTuple<P>>
  $transaction<R>(
    work: (tx: TransactionClient) => Types.Utils.JsPromise<R>,
    options?: TransactionOptions,
  ): Types.Utils.JsPromise<R>
  $disconnect(): Types.Utils.JsPromise<void>
}

export type TransactionClient = Omit<PrismaClient, ITXClientDenyList>

/** Prisma's own, but without types. */
const compiler = (ending: string): Promise<{ readonly wasm: string }> =>
  import(`@prisma/client/runtime/query_compiler_fast_bg.postgresql.${ending}`)
const { Module } = Reflect.get(globalThis, 'WebAssembly') as { readonly Module: new (bytes: Uint8Array) => never }

const text = { kind: 'scalar', type: 'String' }

export const PrismaClient = getPrismaClient({
  previewFeatures: [],
  clientVersion: '',
  engineVersion: '',
  activeProvider: 'postgresql',
  inlineSchema: schema,
  runtimeDataModel: {
    models: {
      TeamMember: {
        dbName: 'team_members',
        schema: null,
        fields: [
          { name: 'organization', ...text },
          { name: 'person', ...text },
        ],
      },
    },
    enums: {},
    types: {},
  } as never,
  // Which values of a query may be parameters of a cached plan: none is known to be.
  parameterizationSchema: { strings: [], graph: 'AAAAAA' },
  compilerWasm: {
    getRuntime: () => compiler('mjs') as never,
    getQueryCompilerWasmModule: async () => new Module(Buffer.from((await compiler('wasm-base64.mjs')).wasm, 'base64')),
    importName: './query_compiler_fast_bg.js',
  },
}) as unknown as new (options: {
  readonly adapter: PrismaPg
}) => PrismaClient
