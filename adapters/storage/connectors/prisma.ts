// The connector over Prisma on Postgres; `tx` is its `Prisma.TransactionClient`.
import { hasFunctions } from '../../../src/core.ts'
import { checkLibrary, checkTx } from '../check-options.ts'
import { isObject, storageError } from '../sql/errors.ts'
import { type Connector, type ConnectorOptions, rowsIn } from './connector.ts'

/** A client or a transaction client. */
export interface PrismaExecutor {
  $queryRawUnsafe(text: string, ...values: (string | number | null)[]): PromiseLike<unknown>
}

export interface PrismaLike<Tx> extends PrismaExecutor {
  $transaction<T>(
    work: (tx: Tx) => Promise<T>,
    options: { isolationLevel: 'ReadCommitted'; maxWait: number; timeout: number },
  ): Promise<T>
}

/**
 * `postgresStorage(fromPrisma(prisma))`: transactions are opened by Prisma, and `tx` is a `Prisma.TransactionClient`, in
 * your calls as in the members port. Prisma ends interactive transactions of *yours* after 5 seconds unless you give it
 * a `timeout`.
 */
export function fromPrisma<Tx extends PrismaExecutor>(
  prisma: PrismaLike<Tx>,
  { connections }: ConnectorOptions = {},
): Connector<Tx> {
  checkLibrary('fromPrisma', 'your `PrismaClient`', prisma, '$queryRawUnsafe', '$transaction')
  return {
    connections,
    checkTx(tx) {
      const isOne = hasFunctions(tx, '$queryRawUnsafe') && !hasFunctions(tx, '$connect')
      checkTx(isOne, 'what Prisma hands to the function of `prisma.$transaction(tx => …)`')
    },
    query: async (text, parameters, tx) => {
      try {
        return rowsIn(await (tx ?? prisma).$queryRawUnsafe(text, ...parameters))
      } catch (error) {
        throw withState(error)
      }
    },
    async transaction(work) {
      try {
        return await prisma.$transaction(work, ownTransaction)
      } catch (error) {
        throw isObject(error) && error['code'] === 'P2028'
          ? storageError('unavailable', 'Prisma could not begin or keep a transaction', error)
          : withState(error)
      }
    },
  }
}

/** Our statements have timeouts of their own; Prisma's default of 5 seconds would end a long migration. */
const ownTransaction = { isolationLevel: 'ReadCommitted', maxWait: 10_000, timeout: 600_000 } as const

/** Prisma keeps the driver's error in `meta.driverAdapterError`. This copies its SQLSTATE to `cause`, where others look for it. */
function withState(error: unknown): unknown {
  const meta = isObject(error) && isObject(error['meta']) ? error['meta'] : {}
  const driver = isObject(meta['driverAdapterError']) ? meta['driverAdapterError']['cause'] : undefined
  if (!(error instanceof Error) || error.cause !== undefined || !isObject(driver)) return error
  const kind = String(driver['kind'])
  error.cause = { code: driver['originalCode'] ?? states[kind] ?? kind }
  return error
}

/** SQLSTATEs for Prisma's connection errors: 08001 when nothing was sent, 08006 when the outcome is unknown. */
const states: Readonly<Record<string, string>> = {
  DatabaseNotReachable: '08001',
  TlsConnectionError: '08001',
  ConnectionClosed: '08006',
  SocketTimeout: '08006',
}
