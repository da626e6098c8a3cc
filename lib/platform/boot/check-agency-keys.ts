import { SealBroken } from '@/lib/platform/crypto/envelope'
import { unwrapAgencyKey, type AgencyKeyKind, type MasterKeys } from '@/lib/platform/crypto/key-tree'
import { withConnection } from '@/lib/platform/db/owner'
import { settings } from '@/lib/platform/env'
import { PlainSentence } from '@/lib/platform/plain-sentence'

/** So many agencies' keys are opened at a start; in a larger installation these are drawn by lot. */
const SAMPLE = 200

type Row = {
  readonly agency: string
  readonly key: string
  readonly purpose: AgencyKeyKind
  readonly version: number
  readonly wrapped: Uint8Array
}

/**
 * Refuses to start where keys of agencies don't open with the master keys at hand: what hangs on them could not be read,
 * and would be found out one record at a time.
 */
export async function checkAgencyKeys(ownerUrl: string, keys: MasterKeys): Promise<void> {
  await withConnection(ownerUrl, async (client) => {
    const used = await client.query<{ version: number; n: number }>(
      `SELECT get_byte(wrapped, 17) * 256 + get_byte(wrapped, 18) AS version, count(*)::int AS n FROM public.agency_key GROUP BY 1 ORDER BY 1`,
    )
    for (const { version, n } of used.rows) if (!keys.byVersion.has(version)) throw missing(version, n)
    const sample = await client.query<Row>(
      `SELECT k.agency_id AS agency, a.key, k.purpose, k.version, k.wrapped FROM public.agency_key k JOIN public.agency a ON a.id = k.agency_id
       ORDER BY random() LIMIT $1`,
      [SAMPLE],
    )
    for (const row of sample.rows) openOrRefuse(keys, row)
  })
}

function missing(version: number, n: number): PlainSentence {
  const place = settings.masterKeyText === undefined ? settings.masterKeyFile : 'AMPARO_MASTER_KEY'
  return new PlainSentence(
    `${String(n)} keys of agencies need version ${String(version)} of the master key, which is missing in ${place}; put its line back from your backup.`,
  )
}

function openOrRefuse(keys: MasterKeys, { agency, key, purpose, version, wrapped }: Row): void {
  try {
    unwrapAgencyKey(keys, purpose, agency, version, wrapped)
  } catch (error) {
    if (!(error instanceof SealBroken)) throw error
    throw new PlainSentence(
      `The ${purpose} key of the agency ${key} does not open with the master key at hand (${error.reason.replaceAll('_', ' ')}); put back the master key or the database from the same backup.`,
    )
  }
}
