import 'server-only'
import type { Actor } from '@/lib/access/actor'
import { aboutSubject, nowIn, withActor, type ActorTx } from '@/lib/access/with-actor'
import { networkClockIn } from '@/lib/agencies/network-service'
import { record } from '@/lib/audit/record'
import { findCaseForWrite, type CaseRef } from '@/lib/cases/reference-service'
import type { TextCheck } from '@/lib/people/free-text/schema'
import { checkTexts } from '@/lib/people/free-text/service'
import { newCode, newId, parseCode } from '@/lib/platform/ids'
import { ok, refuse, type Refused, type Result } from '@/lib/platform/result'

import { factsIn } from '../compose-service'
import { findBases, listReferralRows } from '../data'
import { makeKey, sealWords } from '../keys'
import { maySendReferrals } from '../policy'
import { leavingFields, offeredField } from '../rules'
import type { ReferralLine, ReferralView } from '../schema'
import { sealAndSend, stillThere, subjectOf } from '../send-service'
import { viewIn, watchIn } from '../service'
import { lineOf } from '../view'
import { findAuthority, insertIdentification, type FoundAuthority } from './data'
import { fieldsForAuthority, startIdentificationClock, wantedForAuthority, whyNotAsk } from './rules'
import type {
  Authority,
  IdentificationHistory,
  IdentificationOffer,
  NotNow,
  OfferIdentificationInput,
  ReferForIdentificationInput,
} from './schema'

const MOST_OF_CASE = 200

/**
 * What the identifying authority was asked about a case and what it decided, the latest first, and whether it can be asked
 * now. For the team. Refuses with `not_found`, and `forbidden` off the team. No help depends on any of it.
 */
export async function viewIdentification(
  actor: Actor,
  input: { readonly case: string },
): Promise<Result<IdentificationHistory>> {
  if (!maySendReferrals(actor)) return refuse('not_found')
  return withActor(actor, async (tx) => {
    const found = await findCaseForWrite(tx, input.case)
    if (!found.ok) return found
    const authority = await findAuthority(tx)
    const items = await askedOf(tx, found.value)
    await record(tx, { type: 'referral.listed', ...about(found.value) })
    return ok({
      authority: authority === null ? null : shown(authority),
      why: whyNotAsk(authority, actor.agencyKey, items, null),
      items,
    })
  })
}

/**
 * Shows the team what the authority would see: what at once, what after it acknowledged, what stays and why. Identity stays
 * shut. Refuses with `not_found`, `forbidden` off the team, and `conflict` (`no_authority`).
 */
export async function offerIdentification(
  actor: Actor,
  input: OfferIdentificationInput,
): Promise<Result<IdentificationOffer>> {
  if (!maySendReferrals(actor)) return refuse('not_found')
  return withActor(actor, async (tx) => {
    const start = await startOf(tx, actor, input)
    if (!start.ok) return start
    const { on, authority, anonymous, reconsiders } = start.value
    const possible = fieldsForAuthority(anonymous)
    const bases = new Map((await basesFor(tx, on, authority, possible)).map((basis) => [basis.field, basis]))
    const allowed = new Set([...bases.values()].filter((basis) => basis.allowed).map(({ field }) => field))
    const leaving = new Set(leavingFields(wantedForAuthority(anonymous, input.fields), allowed))
    const facts = await factsIn(tx, subjectOf(on), [], possible, 'keep_shut')
    await record(tx, { type: 'referral.offered', ...about(on), basis: authority.service })
    return ok({
      case: on.code,
      person: on.personCode,
      authority: shown(authority),
      anonymous,
      reconsiders,
      fields: possible.map((field) =>
        offeredField(field, bases.get(field), { wanted: leaving.has(field), value: facts.get(field) }),
      ),
      why: start.value.why ?? (allowed.size === 0 ? 'no_basis' : null),
    })
  })
}

/**
 * Asks the identifying authority about a case, or to look again at what it decided; it goes at once.
 *
 * Refuses with `not_found`, `forbidden` off the team, `invalid` (a reason that seems to hold identity, `text_flagged`,
 * unless `warn` lets the view tell of it), and `conflict`: `no_authority`, `own_authority`, `already_asked`, `not_decided`
 * (nothing was decided that could be looked at again), `case_closed`, and `no_basis` where nothing allows what would go.
 */
export async function referForIdentification(
  actor: Actor,
  input: ReferForIdentificationInput,
  check: TextCheck = 'ask',
): Promise<Result<ReferralView>> {
  if (!maySendReferrals(actor)) return refuse('forbidden')
  return withActor(actor, async (tx) => {
    const start = await startOf(tx, actor, input)
    if (!start.ok) return start
    const { on, authority, anonymous, why } = start.value
    if (why !== null) return refuse('conflict', why)
    const reason = input.reason === '' ? undefined : input.reason
    const { fault, told } = await checkTexts(tx, on.person, { reason: { text: reason, kept: undefined } }, check)
    if (fault !== null) return fault
    const wanted = wantedForAuthority(anonymous, input.fields)
    const bases = await basesFor(tx, on, authority, wanted)
    const allowed = new Set(bases.filter((basis) => basis.allowed).map(({ field }) => field))
    const leaving = leavingFields(wanted, allowed)
    if (leaving.length === 0) return refuse('conflict', 'no_basis')
    const stays = (input.fields ?? []).filter((field) => !leaving.includes(field))
    if (stays.length > 0) return refuse('conflict', 'no_basis', { fields: ['referrals.errors.uncovered'] })

    const code = await askIn(tx, start.value, leaving, reason)
    if (typeof code !== 'string') return code
    const row = await stillThere(tx, code)
    const clock = startIdentificationClock(await networkClockIn(tx), row.reconsiders !== null, nowIn(tx))
    const refused = await sealAndSend(tx, row, { on, leaving, clock })
    return refused ?? ok({ ...(await viewIn(tx, actor, await stillThere(tx, code))), ...told })
  })
}

type Start = {
  readonly on: CaseRef
  readonly authority: FoundAuthority
  readonly anonymous: boolean
  readonly reconsiders: string | null
  readonly why: NotNow | null
}

/** The case of the actor's team, and what stands against asking about it. */
async function startOf(tx: ActorTx, actor: Actor, input: OfferIdentificationInput): Promise<Result<Start>> {
  const found = await findCaseForWrite(tx, input.case)
  if (!found.ok) return found
  aboutSubject(tx, found.value.code)
  const authority = await findAuthority(tx)
  if (authority === null) return refuse('conflict', 'no_authority')
  const items = await askedOf(tx, found.value)
  const reconsiders =
    input.reconsiders === undefined ? null : (parseCode(input.reconsiders, 'REF') ?? input.reconsiders)
  const first = items.find(({ code }) => code === reconsiders)
  return ok({
    on: found.value,
    authority,
    anonymous: first?.anonymous ?? input.anonymous,
    reconsiders,
    why: whyNotAsk(authority, actor.agencyKey, items, reconsiders),
  })
}

function basesFor(tx: ActorTx, on: CaseRef, authority: FoundAuthority, fields: readonly string[]) {
  return findBases(tx, { caseId: on.id, receiver: authority.id, purpose: 'identification', fields })
}

async function askIn(
  tx: ActorTx,
  { on, anonymous, reconsiders }: Start,
  fields: readonly string[],
  reason: string | undefined,
): Promise<string | Refused> {
  const code = newCode('REF')
  const preview = await makeKey(tx, 'preview')
  const rest = await makeKey(tx, 'package')
  const reasonId = newId()
  const answer = await insertIdentification(tx, {
    id: newId(),
    code,
    caseId: on.id,
    anonymous,
    reconsiders,
    fields,
    previewKey: preview.wrapped,
    packageKey: rest.wrapped,
    reason:
      reason === undefined ? null : { id: reasonId, sealed: sealWords(preview.key, on.holderAgency, reasonId, reason) },
  })
  if (answer === 'ok') return code
  return answer === 'not_found' ? refuse(answer) : refuse('conflict', answer)
}

async function askedOf(tx: ActorTx, on: CaseRef): Promise<readonly ReferralLine[]> {
  const rows = await listReferralRows(tx, {
    box: 'out',
    states: null,
    caseId: on.id,
    before: null,
    limit: MOST_OF_CASE,
  })
  const watch = await watchIn(tx)
  return rows.filter(({ kind }) => kind === 'identification').map((row) => lineOf(row, watch))
}

function shown({ id: _id, ...known }: FoundAuthority): Authority {
  return known
}

function about(on: CaseRef) {
  return { subject: on.code, personId: on.person, caseId: on.id, holderAgencyId: on.holderAgency }
}
