import 'server-only'
import { PrismaPg } from '@prisma/adapter-pg'

import { PrismaClient, type Prisma } from '@/generated/prisma/client'
import { settings } from '@/lib/platform/env'

export type Transaction = Prisma.TransactionClient

/** How long a transaction may wait for a connection and how long it may run, in milliseconds. */
export const TRANSACTION_LIMITS = { maxWait: 4_000, timeout: 20_000 } as const

// Kept on globalThis: Next loads this module once for each bundle, and a pool for each would use the server up.
const shared = globalThis as typeof globalThis & {
  amparoClient?: { readonly url: string; readonly client: PrismaClient }
}

/**
 * The application's connection, as the role that sees nothing before `withActor` has named an actor.
 *
 * Only `lib/access` and `lib/auth` use it; everything else receives an `ActorTx`.
 */
export function appClient(): PrismaClient {
  const { appUrl, poolSize } = settings
  if (shared.amparoClient?.url !== appUrl) {
    const adapter = new PrismaPg({
      connectionString: appUrl,
      max: poolSize,
      connectionTimeoutMillis: 4_000,
      idleTimeoutMillis: 60_000,
    })
    shared.amparoClient = { url: appUrl, client: new PrismaClient({ adapter }) }
  }
  return shared.amparoClient.client
}

/** Closes the pool: for tests and for commands that end. */
export async function closeAppClient(): Promise<void> {
  const open = shared.amparoClient
  delete shared.amparoClient
  await open?.client.$disconnect()
}
