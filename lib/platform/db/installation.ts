import { withConnection } from '@/lib/platform/db/owner'

export type InstallationState = {
  readonly demonstration: boolean
  /** The check value of the master key that this database was made with; null before its first start is over. */
  readonly keyCheck: string | null
  /** Whether it has no agency yet. */
  readonly empty: boolean
  /** Whether the log knows of demonstration data that were loaded. */
  readonly demonstrationRecorded: boolean
}

type StateRow = {
  readonly demonstration: boolean
  readonly key_check: Buffer | null
  readonly agencies: boolean
  readonly recorded: boolean
}

/** What the one row about this installation says; for the start and for operator commands. */
export async function readInstallation(ownerUrl: string): Promise<InstallationState> {
  return withConnection(ownerUrl, async (client) => {
    const { rows } = await client.query<StateRow>(
      'SELECT demonstration, key_check, agencies, app.demonstration_recorded() AS recorded FROM app.installation_state()',
    )
    const [row] = rows
    if (row === undefined) throw new Error('The installation has no row')
    return {
      demonstration: row.demonstration,
      keyCheck: row.key_check?.toString('utf8') ?? null,
      empty: !row.agencies,
      demonstrationRecorded: row.recorded,
    }
  })
}

/** Remembers which master key this database is made with. Changes nothing when one is remembered already. */
export async function rememberKeyCheck(ownerUrl: string, check: string): Promise<void> {
  await withConnection(ownerUrl, async (client) => {
    const { rows } = await client.query<{ definer: string }>(`SELECT app.db_role('definer') AS definer`)
    await client.query('BEGIN')
    // The owner sees no row of its own tables; the role of the definer functions does, and the owner may act as it.
    await client.query(`SET LOCAL ROLE ${client.escapeIdentifier(rows[0]?.definer ?? '')}`)
    await client.query('UPDATE public.installation SET key_check = $1 WHERE id = 1 AND key_check IS NULL', [
      Buffer.from(check),
    ])
    await client.query('COMMIT')
  })
}
