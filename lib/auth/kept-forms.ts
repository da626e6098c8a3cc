import 'server-only'
import { z } from 'zod'

import type { FieldPairs } from '@/lib/forms/field-pairs'
import { SealBroken } from '@/lib/platform/crypto/envelope'
import { openUnderMaster, placeWithoutAgency, sealUnderMaster } from '@/lib/platform/crypto/master-seal'
import { newId } from '@/lib/platform/ids'
import { log } from '@/lib/platform/log'
import { insertKeptForm, takeKeptRow } from './data'
import { digestOf } from '@/lib/platform/crypto/opaque-secrets'
import { readSessionCookie } from './session-cookie'

const pairsSchema = z.array(z.tuple([z.string(), z.string()]))

const PURPOSE = 'kept forms'

/**
 * Keeps a form that can't be saved now, for the member whose session this is or was. It is sealed under a key of its
 * own, since nobody may be signed in whose agency's keys could be opened.
 */
export async function keepForm(form: { readonly path: string; readonly fields: FieldPairs }): Promise<void> {
  const session = await readSessionCookie()
  if (session === null) return
  const id = newId()
  const sealed = sealUnderMaster(PURPOSE, placeOf(id), JSON.stringify(form.fields))
  await insertKeptForm(digestOf(session), { id, path: form.path, sealed })
}

/** Takes back the form that was kept for this member on this page, once; null when there is none. */
export async function takeKeptForm(path: string): Promise<FieldPairs | null> {
  const session = await readSessionCookie()
  if (session === null) return null
  const row = await takeKeptRow(digestOf(session), path)
  if (row === null) return null
  try {
    return pairsSchema.parse(JSON.parse(openUnderMaster(PURPOSE, placeOf(row.id), row.sealed)))
  } catch (error) {
    if (!(error instanceof SealBroken)) throw error
    log.error({ err: error }, 'a kept form did not open')
    return null
  }
}

function placeOf(id: string) {
  return placeWithoutAgency('kept_form', 'sealed', id)
}
