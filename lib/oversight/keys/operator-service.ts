import 'server-only'
import { setTimeout as sleep } from 'node:timers/promises'

import { addMasterKey, dropMasterKey } from '@/lib/platform/boot/master-key-file'
import { keyCheckValue, newKey, wrapAgencyKey } from '@/lib/platform/crypto/key-tree'
import { masterKeys } from '@/lib/platform/crypto/master-keys'
import { settings } from '@/lib/platform/env'
import { newId, parseCode } from '@/lib/platform/ids'
import { PlainSentence } from '@/lib/platform/plain-sentence'

import { beginRotation, countAppsUnder, countCodesUnder, findAgencyKey, listKeys, listRotations } from './operator-data'
import { stepRotations } from './rotate-service'
import type { AgencyKeyView, RotationProgress, RotationTarget } from './schema'

export type KeyStatus = {
  /** Versions of the master key that this process was given. */
  readonly master: { readonly known: readonly number[]; readonly newest: number }
  readonly agencies: readonly AgencyKeyView[]
  readonly rotations: readonly (RotationProgress & { readonly subject: string; readonly startedAt: string })[]
}

/** How the installation's keys stand. */
export async function keyStatus(ownerUrl: string): Promise<KeyStatus> {
  const { byVersion, current } = masterKeys()
  return {
    master: { known: [...byVersion.keys()].sort((a, b) => a - b), newest: current.version },
    agencies: await listKeys(ownerUrl),
    rotations: await listRotations(ownerUrl),
  }
}

type Options = {
  /** Go on with a change that is under way; begin none. */
  readonly resume: boolean
  readonly onProgress: (progress: RotationProgress) => void
  readonly batch?: number
}

/**
 * Changes a key, or goes on with a change that was cut short, and returns when everything has moved to the new version.
 * Refuses, with one sentence, what can't be changed.
 */
export async function rotateKey(ownerUrl: string, target: RotationTarget, options: Options): Promise<RotationProgress> {
  const subject = subjectOf(target)
  const running = (await listRotations(ownerUrl)).find((one) => one.subject === subject && one.state === 'running')
  if (running === undefined) {
    if (options.resume) throw new PlainSentence('No change of this key is under way; leave --resume out to begin one.')
    await begin(ownerUrl, target, subject)
  }
  for (;;) {
    const moved = await stepRotations(options.batch)
    const now = (await listRotations(ownerUrl)).find((one) => one.subject === subject)
    if (now === undefined) throw new Error('The rotation is gone')
    options.onProgress(now)
    if (now.state !== 'running') return now
    // Somebody works with the person at this moment.
    if (moved === 0) await sleep(200)
  }
}

/**
 * Takes a master key that nothing hangs on any more out of its file. Refuses the newest, one that an agency's key needs
 * or a member's authenticator app or recovery codes, and any within an hour of the change, while a process without the new one might still make an agency.
 */
export async function dropMaster(ownerUrl: string, version: number): Promise<void> {
  const { current, byVersion } = masterKeys()
  if (!byVersion.has(version)) throw new PlainSentence(`There is no master key of version ${String(version)}.`)
  if (version === current.version)
    throw new PlainSentence('This is the newest master key; change it first with: amparo keys rotate master')
  const hanging = (await listKeys(ownerUrl)).filter((key) => key.masterVersion === version).length
  const unsettled = (await listRotations(ownerUrl)).some(({ kind, state }) => kind === 'master' && state !== 'done')
  if (hanging > 0)
    throw new PlainSentence(
      `${String(hanging)} keys of agencies still hang on it; move them first with: amparo keys rotate master --resume`,
    )
  const apps = await countAppsUnder(ownerUrl, version)
  if (apps > 0)
    throw new PlainSentence(
      `The authenticator apps of ${String(apps)} members still hang on it: each moves when its member next signs in. Take away those of members who don't come, with amparo member reset-factor.`,
    )
  const codes = await countCodesUnder(ownerUrl, version)
  if (codes > 0)
    throw new PlainSentence(
      `The recovery codes of ${String(codes)} members still hang on it: they make new ones under Profile. Take away those of members who don't come, with amparo member reset-factor.`,
    )
  if (unsettled)
    throw new PlainSentence(
      'Its change is not over: for an hour after the last key has moved the old version stays. Try again later, while the application runs.',
    )
  if (settings.masterKeyText !== undefined)
    throw new PlainSentence(
      `Nothing hangs on version ${String(version)}; take its line out of AMPARO_MASTER_KEY and restart.`,
    )
  await dropMasterKey(version)
}

function subjectOf(target: RotationTarget): string {
  if (target.kind === 'master') return 'master'
  if (target.kind === 'agency') return target.agency
  const code = parseCode(target.person, 'AMP')
  if (code === null) throw new PlainSentence('This is no code of a person; it looks like AMP-XXXXXXXXX.')
  return code
}

async function begin(ownerUrl: string, target: RotationTarget, subject: string): Promise<void> {
  const { kind } = target
  const id = newId()
  const answer =
    kind === 'master'
      ? await beginMaster(ownerUrl, id)
      : kind === 'agency'
        ? await beginAgency(ownerUrl, id, subject)
        : await beginRotation(ownerUrl, { id, kind, subject, version: 0 })
  if (answer === 'not_found')
    throw new PlainSentence(kind === 'agency' ? `There is no agency ${subject}.` : 'There is no person with this code.')
  if (answer === 'stale') throw new PlainSentence('Somebody else has changed this key just now; look at it again.')
}

async function beginMaster(ownerUrl: string, id: string) {
  const isLeft = (await listKeys(ownerUrl)).some((key) => key.masterVersion !== masterKeys().current.version)
  if (!isLeft) await addVersion()
  const { current } = masterKeys()
  return beginRotation(ownerUrl, {
    id,
    kind: 'master',
    subject: 'master',
    version: current.version,
    check: keyCheckValue(current),
  })
}

async function addVersion(): Promise<void> {
  const next = masterKeys().current.version + 1
  if (settings.masterKeyText !== undefined)
    throw new PlainSentence(
      `The master key comes from AMPARO_MASTER_KEY: add a line of version ${String(next)} to it (amparo keys new-line makes one) on every computer, restart them, then run this again.`,
    )
  await addMasterKey(next)
  masterKeys(next)
}

async function beginAgency(ownerUrl: string, id: string, subject: string) {
  const found = await findAgencyKey(ownerUrl, subject)
  if (found === undefined) return 'not_found'
  const version = found.version + 1
  const wrapped = wrapAgencyKey(masterKeys(), 'data', newKey(found.id, version))
  return beginRotation(ownerUrl, { id, kind: 'agency', subject, version, wrapped })
}
