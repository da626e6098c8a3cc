import 'server-only'
import { actorOf, todayIn, type ActorTx } from '@/lib/access/with-actor'
import { record } from '@/lib/audit/record'
import { findGrantedCase, findGrantedNeed, type GrantedCase } from '@/lib/cases/grant-service'
import type { TextCheck, TextWarning } from '@/lib/people/free-text/schema'
import { checkTexts } from '@/lib/people/free-text/service'
import { ok, refuse, type Refused, type Result } from '@/lib/platform/result'

import { entryFault } from './entry-fault'
import { insertServices } from './data'
import { writeNoteIn } from './note-service'
import { prepareService } from './prepare-service'
import type { LogServiceEntry } from './schema'

/**
 * Logs a service on another agency's case, by the grant of an accepted referral: the coded line, which that agency sees,
 * and how it was given and a note, which stay here. Returns its code, and what the check of the note came to.
 *
 * Refuses with `not_found` without a grant, `forbidden` for colleagues who don't answer for the referral, `conflict`
 * (`no_basis`) once what it rests on has ended or for a category that the referral is not for, and `invalid` for what
 * can't stand on another agency's case, a follow-up or a need that the referral is not for, and for a note as
 * `logService` does.
 */
export async function logOnGrantedIn(
  tx: ActorTx,
  entry: LogServiceEntry,
  check: TextCheck,
): Promise<Result<{ readonly code: string; readonly warnings?: readonly TextWarning[] }>> {
  const found = await findGrantedCase(tx, entry.case)
  if (!found.ok) return found
  const on = found.value
  if (!on.served) return refuse('forbidden')
  if (!on.categories.includes(entry.category)) return refuse('conflict', 'no_basis')
  const unfit = unfitFor(entry)
  if (unfit !== null) return unfit
  const need = entry.need === undefined ? null : await findGrantedNeed(tx, on.caseId, entry.need)
  if (entry.need !== undefined && need === null)
    return refuse('invalid', 'other_case', { need: ['assistance.service.need.other_case'] })
  const place = { id: on.caseId, person: on.person, holder: on.holderAgency }
  const prepared = prepareService(entry, place, todayIn(tx), { need: need?.id ?? null })
  const wrong = entryFault(tx, prepared)
  if (wrong !== null) return wrong
  const { fault, told } = await checkTexts(tx, on.person, { note: { text: entry.note, kept: entry.noteKept } }, check)
  if (fault !== null) return fault
  await insertServices(tx, [prepared])
  const { id, code } = prepared
  const why =
    entry.note === undefined || entry.note === ''
      ? undefined
      : await writeNoteIn(
          tx,
          { id, code, caseId: on.caseId, person: on.person, holder: on.holderAgency },
          entry.note,
          entry.noteKept,
        )
  await record(tx, {
    type: 'service.logged',
    subject: code,
    ...aboutGranted(on),
    ...(why === undefined ? {} : { reason: why }),
  })
  return ok({ code, ...told })
}

/** Whose record an event on a granted case is about. */
function aboutGranted(on: GrantedCase) {
  return { personId: on.person, caseId: on.caseId, holderAgencyId: on.holderAgency }
}

/** Tasks hang on the holder's case. */
function unfitFor(entry: LogServiceEntry): Refused | null {
  if (entry.followUpOn === undefined) return null
  return refuse('invalid', 'other_agency', { followUpOn: ['assistance.service.granted.follow_up'] })
}

/** Whether a case is another agency's, and by which grant the actor's agency reads its own records on it. */
export async function grantedForReadIn(tx: ActorTx, code: string): Promise<GrantedCase | null> {
  const found = await findGrantedCase(tx, code)
  return found.ok && actorOf(tx).agency !== found.value.holderAgency ? found.value : null
}
