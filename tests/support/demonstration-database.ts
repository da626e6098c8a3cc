import { readFile } from 'node:fs/promises'
import { join } from 'node:path'

import pg from 'pg'

import { findServer } from '@/lib/platform/db/embedded/server'

/** Asks the database of the instance under test as its owner: for what no page does, such as letting time pass. */
export async function askDatabase(statement: string, values: readonly unknown[]): Promise<void> {
  const directory = process.env['AMPARO_TEST_DATA_DIR'] ?? ''
  const elsewhere = await readFile(join(directory, 'postgres.location'), 'utf8').catch(() => null)
  const server = await findServer(join(elsewhere?.trim() ?? join(directory, 'postgres'), 'data'))
  if (server === undefined) throw new Error('The database of the tests does not run')
  const { owner } = JSON.parse(await readFile(join(directory, 'passwords.json'), 'utf8')) as { readonly owner: string }
  const client = new pg.Client(`postgresql://amparo_owner:${owner}@127.0.0.1:${String(server.port)}/amparo`)
  await client.connect()
  try {
    await client.query(statement, [...values])
  } finally {
    await client.end()
  }
}

/** As if a member had last shown six minutes ago that it is them. */
export function grownOld(email: string): Promise<void> {
  return askDatabase(
    `UPDATE session s SET proven_at = proven_at - interval '6 minutes' FROM member m
     WHERE m.id = s.member_id AND m.email = $1`,
    [email],
  )
}
