import 'server-only'
import type { Actor } from '@/lib/access/actor'
import { actorOf, withActor, type ActorTx } from '@/lib/access/with-actor'
import { closeCase, findReadable } from '@/lib/cases/service'
import { FIELD_KEYS, type FieldKey } from '@/lib/consent/fields'
import { personKey, unsealUnder } from '@/lib/people/sealing'
import { parseCode } from '@/lib/platform/ids'
import { ok, refuse, type Result } from '@/lib/platform/result'

import { findReferral, type ReferralRow } from '../data'
import { mayReadReferrals } from '../policy'
import { findOwnFile, findReferralOfOwnCase, listAllowed, listOwnFilesOf, markEnded, type OwnFileRow } from './data'
import { mayKeepOwnFiles, mayOpenOwnFile } from './policy'
import {
  OWN_FILE_KINDS,
  type EndOwnFileInput,
  type OwnFileBasis,
  type OwnFileOfStatement,
  type OwnFileState,
  type OwnFileView,
} from './schema'

/**
 * The file that the receiver of a referral keeps of its own, and whether the actor could open one now. Both agencies know
 * that there is one, since when, of which fields and on which basis; the record itself is for those who work on it alone.
 * Refuses with `not_found` whoever the referral doesn't concern.
 */
export async function ownFileState(actor: Actor, input: { readonly referral: string }): Promise<Result<OwnFileState>> {
  if (!mayReadReferrals(actor)) return refuse('not_found')
  return withActor(actor, async (tx) => {
    const row = await findReferral(tx, input.referral)
    if (row === null) return refuse('not_found')
    // Whoever coordinates moves referrals and learns nothing of what becomes of a person.
    const file = row.side === 'desk' ? null : await ownFileIn(tx, row.code)
    const mayOpen = file === null && mayOpenOwnFile(actor, standingOf(row))
    return ok({ file, mayOpen, bases: mayOpen ? await basesOf(tx, row.code) : [] })
  })
}

/** The own file of a referral. Refuses with `not_found` where there is none, or none that the actor may know of. */
export async function viewOwnFile(actor: Actor, input: { readonly referral: string }): Promise<Result<OwnFileView>> {
  const found = await ownFileState(actor, input)
  if (!found.ok) return found
  return found.value.file === null ? refuse('not_found') : ok(found.value.file)
}

/** The referral after which a case of the actor's team was opened as a file of their agency's own. Refuses with `not_found`. */
export async function referralOfOwnCase(actor: Actor, input: { readonly case: string }): Promise<Result<string>> {
  if (!mayKeepOwnFiles(actor)) return refuse('not_found')
  return withActor(actor, async (tx) => {
    const own = parseCode(input.case, 'CAS')
    const referral = own === null ? null : await findReferralOfOwnCase(tx, own)
    return referral === null ? refuse('not_found') : ok(referral)
  })
}

/**
 * Ends an own file: its case closes, for a coded reason where it is open still, and both agencies know that nothing more
 * is kept there. What was written stays until it is erased. Refuses with `not_found`, `forbidden` off the team of its case,
 * `invalid` an open case without a reason, `conflict` (`ended`), and as closing a case does.
 */
export async function endOwnFile(actor: Actor, input: EndOwnFileInput): Promise<Result<OwnFileView>> {
  if (!mayKeepOwnFiles(actor)) return refuse('not_found')
  return withActor(actor, async (tx) => {
    const found = await findKept(tx, input.referral)
    if (!found.ok) return found
    const { code, own } = found.value
    if (own.isOpen) {
      if (input.closureReason === undefined)
        return refuse('invalid', undefined, { closureReason: ['cases.errors.closure_reason'] })
      const on = await findReadable(tx, own.case)
      if (on === null) return refuse('not_found')
      const closed = await closeCase(actor, {
        case: on.code,
        version: on.version,
        closureReason: input.closureReason,
      })
      if (!closed.ok) return closed
    }
    const answer = await markEnded(tx, code)
    if (answer === 'not_found') return refuse('not_found')
    if (answer !== 'ok') return refuse('conflict', answer)
    return ok(await stillThere(tx, code))
  })
}

/** The files that other agencies keep of a person of the actor's team, for that person's statement. */
export async function ownFilesOfIn(tx: ActorTx, person: string): Promise<readonly OwnFileOfStatement[]> {
  return (await listOwnFilesOf(tx, person)).map((row) => ({
    agencyName: row.agency,
    fields: fieldKeys(row.fields),
    openedAt: row.opened_at.toISOString(),
    basis: basisOf(row),
    basisEndedAt: row.basis_ended_at?.toISOString() ?? null,
    endedAt: row.ended_at?.toISOString() ?? null,
  }))
}

/** The own file of a referral that was found in this transaction, or null. */
export async function ownFileIn(tx: ActorTx, referral: string): Promise<OwnFileView | null> {
  const row = await findOwnFile(tx, referral)
  return row === null ? null : viewOf(tx, row)
}

/** The same where there must be one. */
export async function stillThere(tx: ActorTx, referral: string): Promise<OwnFileView> {
  const file = await ownFileIn(tx, referral)
  if (file === null) throw new Error('An own file that was just written is out of sight')
  return file
}

/** The own file that the actor works on, not ended. Refuses with `not_found`, `forbidden` and `conflict` (`ended`). */
export async function findKept(
  tx: ActorTx,
  referral: string,
): Promise<Result<OwnFileView & { readonly own: NonNullable<OwnFileView['own']> }>> {
  const row = await findReferral(tx, referral)
  const file = row === null ? null : await ownFileIn(tx, row.code)
  if (file === null) return refuse('not_found')
  if (file.own === null) return refuse('forbidden')
  return file.endedAt === null ? ok({ ...file, own: file.own }) : refuse('conflict', 'ended')
}

/** What decides about an own file of a referral. */
export function standingOf({ kind, side, answers, package_open: open }: ReferralRow) {
  return { kind, side, answers, isOpen: (open ?? []).length > 0 }
}

async function basesOf(tx: ActorTx, referral: string): Promise<OwnFileState['bases']> {
  const bases: { kind: (typeof OWN_FILE_KINDS)[number]; fields: number }[] = []
  for (const kind of OWN_FILE_KINDS) bases.push({ kind, fields: (await listAllowed(tx, referral, kind)).length })
  return bases
}

async function viewOf(tx: ActorTx, row: OwnFileRow): Promise<OwnFileView> {
  const works = row.on_own_team && row.ended_at === null && mayKeepOwnFiles(actorOf(tx))
  return {
    code: row.referral,
    side: row.side,
    agency: row.agency_key,
    agencyName: row.agency,
    fields: fieldKeys(row.fields),
    openedAt: row.opened_at.toISOString(),
    basis: basisOf(row),
    basisEndedAt: row.basis_ended_at?.toISOString() ?? null,
    endedAt: row.ended_at?.toISOString() ?? null,
    own:
      row.own_person === null || row.own_case === null
        ? null
        : {
            person: row.own_person,
            case: row.own_case,
            isOpen: row.own_is_open,
            knownBefore: row.known_before === true,
            words: await wordsOf(tx, row),
          },
    may: { rebase: works, end: works },
  }
}

/** The duty in words, under the key of the person in the own file: for those who work on it. */
async function wordsOf(
  tx: ActorTx,
  { words, words_id: id, own_person_id: person }: OwnFileRow,
): Promise<string | null> {
  if (words === null || id === null || person === null) return null
  const place = { table: 'own_file_basis', column: 'words', row: id }
  return unsealUnder(await personKey(tx, person), actorOf(tx).agency, place, words)
}

function basisOf(row: OwnFileRow): OwnFileBasis {
  return {
    kind: row.kind,
    duty: row.duty,
    source: row.source,
    codes: row.basis_codes,
    since: row.based_at.toISOString(),
  }
}

function fieldKeys(fields: readonly string[]): readonly FieldKey[] {
  return FIELD_KEYS.filter((key) => fields.includes(key))
}
