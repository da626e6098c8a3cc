import type { WorkerTx } from '@/lib/platform/db/worker'

import type { RotationProgress } from './schema'

export type RotationRow = RotationProgress & {
  readonly id: string
  readonly agency: string | null
  readonly person: string | null
}

export type WrappedAgencyKey = {
  readonly agency: string
  readonly purpose: 'data' | 'index'
  readonly version: number
  readonly wrapped: Uint8Array
}

export type WrappedPersonKey = {
  readonly person: string
  readonly version: number
  readonly wrapVersion: number
  readonly wrapped: Uint8Array
}

/** A sealed value, and where it stands. */
export type SealedText = {
  readonly table: string
  readonly column: string
  readonly place: string
  readonly agency: string
  readonly sealed: Uint8Array
}

/** A key in its old and in its new wrapping. */
export type Rewrapped = WrappedPersonKey & { readonly fresh: Buffer }
/** A text as it was sealed and as it is sealed now. */
export type Resealed = SealedText & { readonly fresh: Buffer }

/** PostgreSQL's number for the type bytea[]. */
const BYTES_ARRAY = 1001

/** The changes of keys that are not over. */
export async function listAtWork(sql: WorkerTx): Promise<RotationRow[]> {
  return sql<RotationRow[]>`
    SELECT id, kind, agency_id AS agency, person_id AS person, from_version AS "fromVersion", to_version AS "toVersion", state, total, done
    FROM app.key_rotations_at_work()`
}

export async function listAgencyKeysToRewrap(
  sql: WorkerTx,
  rotation: string,
  atMost: number,
): Promise<WrappedAgencyKey[]> {
  return sql<WrappedAgencyKey[]>`
    SELECT agency_id AS agency, purpose, version, wrapped FROM app.agency_keys_to_rewrap(${rotation}, ${atMost})`
}

/** Puts an agency's key in its new wrapping; false when another process was quicker. */
export async function rewrapAgencyKey(
  sql: WorkerTx,
  rotation: string,
  key: WrappedAgencyKey,
  fresh: Buffer,
): Promise<boolean> {
  const [row] = await sql<{ moved: boolean }[]>`
    SELECT app.rewrap_agency_key(${rotation}, ${key.agency}, ${key.purpose}, ${key.version}, ${bytes(key.wrapped)}, ${fresh}) AS moved`
  return row?.moved === true
}

/** The secrets of agencies' providers that hang on another master key. */
export async function listClientSecrets(
  sql: WorkerTx,
  rotation: string,
): Promise<{ readonly agency: string; readonly sealed: Uint8Array }[]> {
  return sql<{ agency: string; sealed: Uint8Array }[]>`
    SELECT agency_id AS agency, client_secret AS sealed FROM app.client_secrets_to_reseal(${rotation})`
}

/** Puts such a secret under its new seal; false when it was changed meanwhile. */
export async function replaceClientSecret(
  sql: WorkerTx,
  rotation: string,
  secret: { readonly agency: string; readonly sealed: Uint8Array },
  fresh: Buffer,
): Promise<boolean> {
  const [row] = await sql<{ moved: boolean }[]>`
    SELECT app.reseal_client_secret(${rotation}, ${secret.agency}, ${bytes(secret.sealed)}, ${fresh}) AS moved`
  return row?.moved === true
}

/** The data keys of the agency that a change is about, oldest first. */
export async function listAgencyKeysAtWork(sql: WorkerTx, rotation: string): Promise<WrappedAgencyKey[]> {
  return sql<WrappedAgencyKey[]>`
    SELECT agency_id AS agency, 'data' AS purpose, version, wrapped FROM app.agency_keys_at_work(${rotation})`
}

export async function listPersonKeysToRewrap(
  sql: WorkerTx,
  rotation: string,
  atMost: number,
): Promise<WrappedPersonKey[]> {
  return sql<WrappedPersonKey[]>`
    SELECT person_id AS person, version, wrap_version AS "wrapVersion", wrapped FROM app.person_keys_to_rewrap(${rotation}, ${atMost})`
}

/** Puts persons' keys in their new wrapping; returns how many still were as they had been read. */
export async function rewrapPersonKeys(sql: WorkerTx, rotation: string, keys: readonly Rewrapped[]): Promise<number> {
  const [row] = await sql<{ moved: number }[]>`
    SELECT app.rewrap_person_keys(${rotation}, ${keys.map(({ person }) => person)}::uuid[], ${keys.map(({ version }) => version)}::int[],
      ${arrayOf(
        sql,
        keys.map(({ wrapped }) => wrapped),
      )}, ${arrayOf(
        sql,
        keys.map(({ fresh }) => fresh),
      )}) AS moved`
  return row?.moved ?? 0
}

export type WrappedReferralKey = {
  readonly referral: string
  readonly part: 'preview' | 'package' | 'notes'
  readonly keyId: string
  readonly wrapVersion: number
  readonly wrapped: Uint8Array
}

/** The keys of referrals that hang on an older key of the agency. */
export async function listReferralKeysToRewrap(
  sql: WorkerTx,
  rotation: string,
  atMost: number,
): Promise<WrappedReferralKey[]> {
  return sql<WrappedReferralKey[]>`
    SELECT referral_id AS referral, part, key_id AS "keyId", wrap_version AS "wrapVersion", wrapped FROM app.referral_keys_to_rewrap(${rotation}, ${atMost})`
}

/** Puts keys of referrals in their new wrapping; returns how many still were as they had been read. */
export async function rewrapReferralKeys(
  sql: WorkerTx,
  rotation: string,
  keys: readonly (WrappedReferralKey & { readonly fresh: Buffer })[],
): Promise<number> {
  const [row] = await sql<{ moved: number }[]>`
    SELECT app.rewrap_referral_keys(${rotation}, ${keys.map(({ referral }) => referral)}::uuid[], ${keys.map(({ part }) => part)}::text[],
      ${arrayOf(
        sql,
        keys.map(({ wrapped }) => wrapped),
      )}, ${arrayOf(
        sql,
        keys.map(({ fresh }) => fresh),
      )}) AS moved`
  return row?.moved ?? 0
}

export type WrappedFindingKey = Omit<WrappedReferralKey, 'referral' | 'part'> & { readonly finding: string }

/** The keys of findings that hang on an older key of the agency. */
export async function listFindingKeysToRewrap(
  sql: WorkerTx,
  rotation: string,
  atMost: number,
): Promise<WrappedFindingKey[]> {
  return sql<WrappedFindingKey[]>`
    SELECT finding_id AS finding, key_id AS "keyId", wrap_version AS "wrapVersion", wrapped FROM app.finding_keys_to_rewrap(${rotation}, ${atMost})`
}

/** Puts keys of findings in their new wrapping; returns how many still were as they had been read. */
export async function rewrapFindingKeys(
  sql: WorkerTx,
  rotation: string,
  keys: readonly (WrappedFindingKey & { readonly fresh: Buffer })[],
): Promise<number> {
  const [row] = await sql<{ moved: number }[]>`
    SELECT app.rewrap_finding_keys(${rotation}, ${keys.map(({ finding }) => finding)}::uuid[],
      ${arrayOf(
        sql,
        keys.map(({ wrapped }) => wrapped),
      )}, ${arrayOf(
        sql,
        keys.map(({ fresh }) => fresh),
      )}) AS moved`
  return row?.moved ?? 0
}

export type WrappedComplaintKey = {
  readonly complaint: string
  readonly wrapVersion: number
  readonly wrapped: Uint8Array
}

/** The keys of complaints that hang on an older key of the body that takes them. */
export async function listComplaintKeysToRewrap(
  sql: WorkerTx,
  rotation: string,
  atMost: number,
): Promise<WrappedComplaintKey[]> {
  return sql<WrappedComplaintKey[]>`
    SELECT complaint_id AS complaint, wrap_version AS "wrapVersion", wrapped FROM app.complaint_keys_to_rewrap(${rotation}, ${atMost})`
}

/** Puts keys of complaints in their new wrapping; returns how many still were as they had been read. */
export async function rewrapComplaintKeys(
  sql: WorkerTx,
  rotation: string,
  keys: readonly (WrappedComplaintKey & { readonly fresh: Buffer })[],
): Promise<number> {
  const olds = arrayOf(
    sql,
    keys.map(({ wrapped }) => wrapped),
  )
  const news = arrayOf(
    sql,
    keys.map(({ fresh }) => fresh),
  )
  const [row] = await sql<{ moved: number }[]>`
    SELECT app.rewrap_complaint_keys(${rotation}, ${keys.map(({ complaint }) => complaint)}::uuid[], ${olds}, ${news}) AS moved`
  return row?.moved ?? 0
}

/** The key of the person that a change is about, held until the transaction ends; undefined when there is none any more. */
export async function holdPersonKey(tx: WorkerTx, rotation: string): Promise<WrappedPersonKey | undefined> {
  // Shorter than the second after which PostgreSQL looks for deadlocks: whoever works with the person never loses one.
  await tx`SET LOCAL lock_timeout = '500ms'`
  const [row] = await tx<WrappedPersonKey[]>`
    SELECT person_id AS person, version, wrap_version AS "wrapVersion", wrapped FROM app.person_key_at_work(${rotation})`
  return row
}

export async function listTextsAtWork(tx: WorkerTx, rotation: string): Promise<SealedText[]> {
  return tx<SealedText[]>`
    SELECT tab AS table, col AS column, place, agency_id AS agency, sealed FROM app.person_texts_at_work(${rotation})`
}

/** Puts a person's new key in place, with everything that is sealed under it. */
export async function replacePersonKey(
  tx: WorkerTx,
  rotation: string,
  key: { readonly wrapped: Buffer; readonly wrapVersion: number },
  texts: readonly Resealed[],
): Promise<void> {
  await tx`
    SELECT app.replace_person_key(${rotation}, ${key.wrapped}, ${key.wrapVersion}, ${texts.map(({ table }) => table)}::text[],
      ${texts.map(({ place }) => place)}::text[], ${arrayOf(
        tx,
        texts.map(({ sealed }) => sealed),
      )},
      ${arrayOf(
        tx,
        texts.map(({ fresh }) => fresh),
      )})`
}

/** Takes a change one state further where it may be. */
export async function settle(sql: WorkerTx, rotation: string): Promise<void> {
  await sql`SELECT app.settle_key_rotation(${rotation})`
}

/** The driver takes an array of bytes for bytes unless told its type. */
function arrayOf(sql: WorkerTx, values: readonly Uint8Array[]) {
  return sql.array(values.map(bytes), BYTES_ARRAY)
}

function bytes(view: Uint8Array): Buffer {
  return Buffer.from(view.buffer, view.byteOffset, view.byteLength)
}
