import 'server-only'
import type { Actor } from '@/lib/access/actor'
import { requireFresh } from '@/lib/access/freshness'
import { withActor } from '@/lib/access/with-actor'
import { deriveSecret } from '@/lib/platform/crypto/derive-secret'
import { openText, sealedUnder, sealText, type Place, type SealingKey } from '@/lib/platform/crypto/envelope'
import { masterKeys } from '@/lib/platform/crypto/master-keys'
import { digestOf, newSecret } from '@/lib/platform/crypto/opaque-secrets'
import { settings } from '@/lib/platform/env'
import { newId } from '@/lib/platform/ids'
import { PlainSentence } from '@/lib/platform/plain-sentence'
import { ok, refuse, type Result } from '@/lib/platform/result'

import { findReadyUntil, insertExport, startAsOperator, startReady } from './data'
import { mayExportAgency } from './policy'
import type { ExportView, PrepareExportInput } from './schema'
import { writeExport } from './write'

const NIL = '00000000-0000-0000-0000-000000000000'

/** Whether an export is ready to be fetched. Refuses with `forbidden`. */
export async function viewExport(actor: Actor): Promise<Result<ExportView>> {
  if (!mayExportAgency(actor)) return refuse('forbidden')
  return withActor(actor, async (tx) => ok({ readyUntil: await findReadyUntil(tx), agencyKey: actor.agencyKey }))
}

/**
 * Makes an export of the own agency ready, to be fetched once within ten minutes by the same member. Refuses with
 * `step_up_required` whoever has not just shown that it is them.
 */
export async function prepareExport(actor: Actor, input: PrepareExportInput): Promise<Result<undefined>> {
  if (!mayExportAgency(actor)) return refuse('forbidden')
  return withActor(actor, async (tx) => {
    const stale = await requireFresh(tx)
    if (stale !== null) return stale
    const id = newId()
    const sealed = Uint8Array.from(sealText(sealingKey(), placeOf(id), input.passphrase))
    return (await insertExport(tx, id, sealed)) ? ok() : refuse('forbidden')
  })
}

/**
 * Fetches the export that the member prepared. That it was fetched is on the log, in a transaction of its own, before
 * the first row is read; the rows are then read in another one. Refuses with `not_found` when none is ready.
 */
export async function fetchExport(actor: Actor): Promise<Result<ReadableStream<Uint8Array>>> {
  if (!mayExportAgency(actor)) return refuse('forbidden')
  const ticket = newSecret()
  const started = await withActor(actor, async (tx) => {
    const found = await startReady(tx, digestOf(ticket))
    return found === null ? refuse('not_found') : ok(found)
  })
  if (!started.ok) return started
  const { id, sealed } = started.value
  const { version } = sealedUnder(sealed)
  const under = masterKeys(version).byVersion.get(version)
  const passphrase = openText(sealingKey(under), placeOf(id), sealed)
  return ok(await writeExport(settings.appUrl, ticket, passphrase))
}

/** The export of an agency at the operator's command. Refuses an agency that isn't there with one sentence. */
export async function exportAsOperator(
  ownerUrl: string,
  agency: string,
  passphrase: string,
): Promise<ReadableStream<Uint8Array>> {
  const ticket = newSecret()
  if (!(await startAsOperator(ownerUrl, newId(), agency, digestOf(ticket))))
    throw new PlainSentence(`No agency has the key ${agency}; list them with: amparo agency --help`)
  return writeExport(ownerUrl, ticket, passphrase)
}

/** A key of its own for the minutes until a passphrase is used. */
function sealingKey(master: SealingKey = masterKeys().current): SealingKey {
  return { id: NIL, version: master.version, bytes: deriveSecret(masterKeys(), 'exports', master) }
}

function placeOf(id: string): Place {
  return { table: 'agency_export', column: 'sealed', row: id, agency: NIL }
}
