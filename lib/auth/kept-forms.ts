import 'server-only'
import { z } from 'zod'

import type { FieldPairs } from '@/lib/forms/field-pairs'
import { deriveSecret } from '@/lib/platform/crypto/derive-secret'
import {
  openText,
  SealBroken,
  sealedUnder,
  sealText,
  type Place,
  type SealingKey,
} from '@/lib/platform/crypto/envelope'
import { masterKeys } from '@/lib/platform/crypto/master-keys'
import { newId } from '@/lib/platform/ids'
import { log } from '@/lib/platform/log'
import { insertKeptForm, takeKeptRow } from './data'
import { digestOf } from '@/lib/platform/crypto/opaque-secrets'
import { readSessionCookie } from './session-cookie'

const pairsSchema = z.array(z.tuple([z.string(), z.string()]))

const NIL = '00000000-0000-0000-0000-000000000000'

/**
 * Keeps a form that was sent after its session had ended, for the member whose session it was. It is sealed under a
 * key of its own, since nobody is signed in whose agency's keys could be opened.
 */
export async function keepForm(form: { readonly path: string; readonly fields: FieldPairs }): Promise<void> {
  const session = await readSessionCookie()
  if (session === null) return
  const id = newId()
  const sealed = Uint8Array.from(sealText(sealingKey(masterKeys().current), placeOf(id), JSON.stringify(form.fields)))
  await insertKeptForm(digestOf(session), { id, path: form.path, sealed })
}

/** Takes back the form that was kept for this member on this page, once; null when there is none. */
export async function takeKeptForm(path: string): Promise<FieldPairs | null> {
  const session = await readSessionCookie()
  if (session === null) return null
  const row = await takeKeptRow(digestOf(session), path)
  if (row === null) return null
  try {
    const under = masterKeys().byVersion.get(sealedUnder(row.sealed).version)
    if (under === undefined) return null
    return pairsSchema.parse(JSON.parse(openText(sealingKey(under), placeOf(row.id), row.sealed)))
  } catch (error) {
    if (!(error instanceof SealBroken)) throw error
    log.error({ err: error }, 'a kept form did not open')
    return null
  }
}

function sealingKey(master: SealingKey): SealingKey {
  return { id: NIL, version: master.version, bytes: deriveSecret(masterKeys(), 'kept forms', master) }
}

function placeOf(id: string): Place {
  return { table: 'kept_form', column: 'sealed', row: id, agency: NIL }
}
