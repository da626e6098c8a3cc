import { open, sealedUnder } from '@/lib/platform/crypto/envelope'
import { unwrapAgencyKey, unwrapPersonKey, type MasterKeys } from '@/lib/platform/crypto/key-tree'
import type { Loader } from '@/lib/platform/db/backup/load'
import { PlainSentence } from '@/lib/platform/plain-sentence'
import { placeOfVersion } from '@/lib/people/prepare-service'

type SampleRow = {
  person: string
  agency: string
  version: number
  sealed: Buffer
  key_version: number
  wrap_version: number
  wrapped: Buffer
  agency_wrapped: Buffer | null
}

/**
 * Opens the newest identity of some persons, picked at random, the whole way from the master key down, and forgets it.
 * Returns how many; refuses with one sentence when one does not open.
 */
export async function openSample(run: Loader['run'], master: MasterKeys, most: number): Promise<number> {
  // A backup may be older than the versions of persons' keys.
  const [{ versions } = { versions: false }] = await run<{ versions: boolean }>(
    `SELECT EXISTS (SELECT 1 FROM pg_attribute WHERE attrelid = 'public.person_key'::regclass AND attname = 'version') AS versions`,
  )
  const rows = await run<SampleRow>(
    `SELECT k.person_id AS person, k.holder_agency_id AS agency, i.version, i.sealed, ${versions ? 'k.version' : '1'} AS key_version,
       k.wrap_version, k.wrapped, a.wrapped AS agency_wrapped
     FROM (SELECT * FROM public.person_key ORDER BY random() LIMIT $1) k
     JOIN LATERAL (SELECT version, sealed FROM public.person_identity x WHERE x.person_id = k.person_id ORDER BY version DESC LIMIT 1) i ON true
     LEFT JOIN public.agency_key a ON a.agency_id = k.holder_agency_id AND a.purpose = 'data' AND a.version = k.wrap_version`,
    [most],
  )
  try {
    let opened = 0
    for (const row of rows) {
      // Sealed under an earlier version of the key: counted among those that stay closed where that is gone.
      if (sealedUnder(row.sealed).version !== row.key_version) continue
      openOne(master, row)
      opened += 1
    }
    return opened
  } catch (error) {
    throw new PlainSentence(
      'A person in the backup does not open with the keys at hand; check the master key and the backup of the keys.',
      { cause: error },
    )
  }
}

function openOne(master: MasterKeys, row: SampleRow): void {
  if (row.agency_wrapped === null) throw new Error('The key of an agency is missing')
  const agencyKey = unwrapAgencyKey(master, 'data', row.agency, row.wrap_version, row.agency_wrapped)
  const personKey = unwrapPersonKey(agencyKey, row.person, row.key_version, row.wrapped)
  open(personKey, placeOfVersion('person_identity', row.agency, row.person, row.version), row.sealed)
}
