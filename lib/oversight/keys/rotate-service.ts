import 'server-only'

import { resealClientSecret } from '@/lib/platform/crypto/client-secret'
import { open, seal, type Place, type SealingKey } from '@/lib/platform/crypto/envelope'
import {
  masterVersionOf,
  newKey,
  unwrapAgencyKey,
  unwrapPersonKey,
  wrapAgencyKey,
  wrapPersonKey,
  type MasterKeys,
} from '@/lib/platform/crypto/key-tree'
import { masterKeys } from '@/lib/platform/crypto/master-keys'
import { unwrapComplaintKey, wrapComplaintKey } from '@/lib/platform/crypto/complaint-keys'
import { unwrapFindingKey, wrapFindingKey } from '@/lib/platform/crypto/finding-keys'
import { unwrapReferralKey, wrapReferralKey } from '@/lib/platform/crypto/referral-keys'
import { isLockTimeout } from '@/lib/platform/db/failures'
import { workerSql, type WorkerSql, type WorkerTx } from '@/lib/platform/db/worker'
import type { Job } from '@/lib/platform/jobs/loop'

import {
  holdPersonKey,
  listAgencyKeysAtWork,
  listAgencyKeysToRewrap,
  listAtWork,
  listClientSecrets,
  listComplaintKeysToRewrap,
  listPersonKeysToRewrap,
  listFindingKeysToRewrap,
  listReferralKeysToRewrap,
  listTextsAtWork,
  replaceClientSecret,
  replacePersonKey,
  rewrapAgencyKey,
  rewrapComplaintKeys,
  rewrapPersonKeys,
  rewrapFindingKeys,
  rewrapReferralKeys,
  settle,
  type RotationRow,
  type WrappedAgencyKey,
} from './data'

/** So many keys move in one transaction: a kill loses at most these, which are then wrapped again. */
const BATCH = 500
/** So many in one turn of the job, which runs again at once while there is more. */
const MOST_IN_A_TURN = 10_000

/**
 * Takes every change of a key that is under way further, as the worker, and returns how many keys were moved. Any
 * number of processes may do so at once: each key is replaced only as it was read. Values sealed under either version
 * open all the while.
 *
 * Throws `MasterKeyUnusable` when this process was not given the master key that a change leads to.
 */
export async function stepRotations(batch = BATCH): Promise<number> {
  const sql = workerSql()
  let moved = 0
  for (const rotation of await listAtWork(sql)) {
    moved += await stepRotation(sql, rotation, batch)
    await settle(sql, rotation.id)
  }
  return moved
}

/** The job of this part, for the process that serves the application. */
export const KEY_JOBS: readonly Job[] = [
  {
    name: 'rotate-keys',
    everySeconds: 10,
    run: async () => {
      let moved = 0
      for (let step = await stepRotations(); step > 0 && moved < MOST_IN_A_TURN; step = await stepRotations()) {
        moved += step
      }
      return moved
    },
  },
]

function stepRotation(sql: WorkerSql, rotation: RotationRow, batch: number): Promise<number> {
  switch (rotation.kind) {
    case 'master':
      return stepMaster(sql, rotation, batch)
    case 'agency':
      return stepAgency(sql, rotation, batch)
    case 'person':
      return rotation.state === 'running' ? stepPerson(sql, rotation) : Promise.resolve(0)
  }
}

async function stepMaster(sql: WorkerSql, rotation: RotationRow, batch: number): Promise<number> {
  const keys = await listAgencyKeysToRewrap(sql, rotation.id, batch)
  const master = masterKeys(rotation.toVersion)
  const wrapping = master.byVersion.get(rotation.toVersion)
  let moved = 0
  for (const key of keys) {
    // In an installation with several processes this one may not have been given the new key yet.
    if (wrapping === undefined) throw new Error('This process has no master key of the version that is being moved to')
    const opened = unwrapAgencyKey(master, key.purpose, key.agency, key.version, key.wrapped)
    const fresh = wrapAgencyKey({ ...master, current: wrapping }, key.purpose, opened)
    if (await rewrapAgencyKey(sql, rotation.id, key, fresh)) moved += 1
  }
  return moved + (await resealClientSecrets(sql, rotation))
}

async function resealClientSecrets(sql: WorkerSql, rotation: RotationRow): Promise<number> {
  let moved = 0
  for (const secret of await listClientSecrets(sql, rotation.id)) {
    const fresh = resealClientSecret(secret.agency, secret.sealed, rotation.toVersion)
    if (fresh !== null && (await replaceClientSecret(sql, rotation.id, secret, fresh))) moved += 1
  }
  return moved
}

async function stepAgency(sql: WorkerSql, rotation: RotationRow, batch: number): Promise<number> {
  const keys = await listPersonKeysToRewrap(sql, rotation.id, batch)
  if (keys.length === 0) return rewrapOfReferrals(sql, rotation, batch)
  const wrapping = await openAgencyKeys(sql, rotation.id)
  const target = keyOf(wrapping, rotation.toVersion)
  const moved = keys.map((key) => ({
    ...key,
    fresh: wrapPersonKey(
      target,
      unwrapPersonKey(keyOf(wrapping, key.wrapVersion), key.person, key.version, key.wrapped),
    ),
  }))
  return rewrapPersonKeys(sql, rotation.id, moved)
}

/** What the agency sent and received with referrals hangs on its key as well, once its persons' keys have moved. */
async function rewrapOfReferrals(sql: WorkerSql, rotation: RotationRow, batch: number): Promise<number> {
  const keys = await listReferralKeysToRewrap(sql, rotation.id, batch)
  if (keys.length === 0) return rewrapOfFindings(sql, rotation, batch)
  const wrapping = await openAgencyKeys(sql, rotation.id)
  const target = keyOf(wrapping, rotation.toVersion)
  const moved = keys.map((key) => {
    const opened = unwrapReferralKey(keyOf(wrapping, key.wrapVersion), key.part, key.keyId, key.wrapped)
    return { ...key, fresh: wrapReferralKey(target, key.part, opened) }
  })
  return rewrapReferralKeys(sql, rotation.id, moved)
}

/** And what it was told in findings, or told others as the body that made them. */
async function rewrapOfFindings(sql: WorkerSql, rotation: RotationRow, batch: number): Promise<number> {
  const keys = await listFindingKeysToRewrap(sql, rotation.id, batch)
  if (keys.length === 0) return rewrapOfComplaints(sql, rotation, batch)
  const wrapping = await openAgencyKeys(sql, rotation.id)
  const target = keyOf(wrapping, rotation.toVersion)
  const moved = keys.map((key) => {
    const opened = unwrapFindingKey(keyOf(wrapping, key.wrapVersion), key.keyId, key.wrapped)
    return { ...key, fresh: wrapFindingKey(target, opened) }
  })
  return rewrapFindingKeys(sql, rotation.id, moved)
}

/** And what was told to a body that takes complaints. */
async function rewrapOfComplaints(sql: WorkerSql, rotation: RotationRow, batch: number): Promise<number> {
  const keys = await listComplaintKeysToRewrap(sql, rotation.id, batch)
  if (keys.length === 0) return 0
  const wrapping = await openAgencyKeys(sql, rotation.id)
  const target = keyOf(wrapping, rotation.toVersion)
  const moved = keys.map((key) => {
    const opened = unwrapComplaintKey(keyOf(wrapping, key.wrapVersion), key.complaint, key.wrapped)
    return { ...key, fresh: wrapComplaintKey(target, opened) }
  })
  return rewrapComplaintKeys(sql, rotation.id, moved)
}

/** Seals everything of one person anew, in one transaction. Waits for whoever works with them, and tries again later. */
async function stepPerson(sql: WorkerSql, rotation: RotationRow): Promise<number> {
  try {
    await sql.begin((tx) => resealPerson(tx, rotation))
    return 1
  } catch (error) {
    if (isLockTimeout(error)) return 0
    throw error
  }
}

async function resealPerson(tx: WorkerTx, rotation: RotationRow): Promise<void> {
  const held = await holdPersonKey(tx, rotation.id)
  if (held === undefined) return
  const wrapping = await openAgencyKeys(tx, rotation.id)
  const old = unwrapPersonKey(keyOf(wrapping, held.wrapVersion), held.person, held.version, held.wrapped)
  const fresh = newKey(held.person, rotation.toVersion)
  const texts = (await listTextsAtWork(tx, rotation.id)).map((text) => {
    const place: Place = { table: text.table, column: text.column, row: text.place, agency: text.agency }
    return { ...text, fresh: seal(fresh, place, open(old, place, text.sealed)) }
  })
  const newest = wrapping.at(-1)
  if (newest === undefined) throw new Error('The agency has no data key')
  await replacePersonKey(tx, rotation.id, { wrapped: wrapPersonKey(newest, fresh), wrapVersion: newest.version }, texts)
}

async function openAgencyKeys(sql: WorkerTx, rotation: string): Promise<readonly SealingKey[]> {
  const rows = await listAgencyKeysAtWork(sql, rotation)
  const master = masterKeysFor(rows)
  return rows.map(({ agency, version, wrapped }) => unwrapAgencyKey(master, 'data', agency, version, wrapped))
}

function masterKeysFor(rows: readonly WrappedAgencyKey[]): MasterKeys {
  return masterKeys(Math.max(1, ...rows.map(({ wrapped }) => masterVersionOf(wrapped))))
}

function keyOf(keys: readonly SealingKey[], version: number): SealingKey {
  const found = keys.find((key) => key.version === version)
  if (found === undefined) throw new Error(`The agency has no data key of version ${String(version)}`)
  return found
}
