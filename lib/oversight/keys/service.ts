import 'server-only'
import type { Actor } from '@/lib/access/actor'
import { requireFresh } from '@/lib/access/freshness'
import { withActor } from '@/lib/access/with-actor'
import { record } from '@/lib/audit/record'
import { keyCheckValue, newKey, wrapAgencyKey } from '@/lib/platform/crypto/key-tree'
import { masterKeys } from '@/lib/platform/crypto/master-keys'
import { newId } from '@/lib/platform/ids'
import { ok, refuse, type Result } from '@/lib/platform/result'

import { mayAdministerKeys } from '../policy'
import { beginAsActor, listRotationsSeen, readKeyReport } from './admin-data'
import type { AgencyKeysView, KeysView, StartRotationInput } from './schema'

/** Versions, ages and changes of the installation's keys. Refuses with `not_found` all but a system administrator. */
export async function viewKeys(actor: Actor): Promise<Result<KeysView>> {
  return withActor(actor, async (tx) => {
    if (!mayAdministerKeys(actor)) return refuse('not_found')
    const rows = await readKeyReport(tx)
    const known = masterKeys(Math.max(1, ...rows.map(({ masterVersion }) => masterVersion)))
    const rotations = await listRotationsSeen(tx)
    await record(tx, { type: 'key.listed' })
    const master = [...known.byVersion.keys()]
      .sort((a, b) => a - b)
      .map((version) => ({
        version,
        isNewest: version === known.current.version,
        keys: rows.filter(({ masterVersion }) => masterVersion === version).length,
      }))
    const isChanging = (kind: string, subject: string) =>
      rotations.some((one) => one.kind === kind && one.subject === subject && one.state === 'running')
    const agencies = [...new Set(rows.map(({ agency }) => agency))].flatMap((agency): AgencyKeysView[] => {
      const versions = rows.filter((row) => row.agency === agency && row.purpose === 'data')
      const newest = versions.at(-1)
      if (newest === undefined) return []
      return [
        {
          agency,
          version: newest.version,
          since: new Date(newest.createdAt),
          older: versions.slice(0, -1).map(({ version }) => version),
          persons: versions.reduce((sum, { persons }) => sum + persons, 0),
          isChanging: isChanging('agency', agency),
        },
      ]
    })
    return ok({
      master,
      mayMove:
        rows.some(({ masterVersion }) => masterVersion !== known.current.version) && !isChanging('master', 'master'),
      agencies,
      rotations,
    })
  })
}

/**
 * Begins to change an agency's key, or to move the agencies' keys to the newest master key; the jobs do the rest. A new
 * master key is made at the command line, where its file is.
 *
 * Refuses with `not_found` all but a system administrator and for an agency that isn't there, `step_up_required`, and
 * with `conflict` what is being changed already (`running`) or needs no change (`current`).
 */
export async function startRotation(actor: Actor, input: StartRotationInput): Promise<Result<null>> {
  return withActor(actor, async (tx) => {
    if (!mayAdministerKeys(actor)) return refuse('not_found')
    const stale = await requireFresh(tx)
    if (stale !== null) return stale
    const master = masterKeys()
    const id = newId()
    if (input.kind === 'master') {
      const { version } = master.current
      const check = Buffer.from(keyCheckValue(master.current))
      return answered(await beginAsActor(tx, { id, kind: 'master', subject: 'master', version, check }))
    }
    const agency = await tx.agency.findUnique({ where: { key: input.agency }, select: { id: true } })
    const versions = (await readKeyReport(tx)).filter((row) => row.agency === input.agency && row.purpose === 'data')
    const newest = versions.at(-1)
    if (agency === null || newest === undefined) return refuse('not_found')
    const version = newest.version + 1
    const wrapped = wrapAgencyKey(master, 'data', newKey(agency.id, version))
    return answered(await beginAsActor(tx, { id, kind: 'agency', subject: input.agency, version, wrapped }))
  })
}

function answered(answer: Awaited<ReturnType<typeof beginAsActor>>): Result<null> {
  switch (answer) {
    case 'ok':
      return ok(null)
    case 'forbidden':
    case 'not_found':
      return refuse('not_found')
    case 'step_up_required':
      return refuse('step_up_required')
    case 'running':
    case 'current':
      return refuse('conflict', answer)
    case 'stale':
      return refuse('stale')
  }
}
