import 'server-only'
import { actorOf, type ActorTx, originOf } from '@/lib/access/with-actor'
import type { CategoryKey } from '@/lib/mandate/categories'

import type { Purpose } from '../network-schema'
import type {
  AgreementPartyView,
  AgreementState,
  AgreementView,
  Covering,
  IdentityLevel,
  OwnStanding,
  PossibleParty,
  ProposeAgreementInput,
} from './schema'

/** What a function of the database says of a change to an agreement. */
export type AgreementAnswer = 'ok' | 'forbidden' | 'not_found' | 'stale' | 'step_up' | 'wrong_state' | 'parties'

export type AgreementRow = Omit<AgreementView, 'may'> & { readonly id: string }

type Found = {
  id: string
  code: string
  state: AgreementState
  own_standing: OwnStanding | null
  holder: string
  proposed_at: Date
  purposes: Purpose[]
  categories: CategoryKey[]
  identity_level: IdentityLevel
  starts_on: string
  ends_on: string
  document: string
  confirmed_at: Date | null
  ended_at: Date | null
  version: number
  parties: AgreementPartyView[]
}

/** The agreements the actor may know, the latest proposed first. */
export async function listAgreementRows(
  tx: ActorTx,
  state: AgreementState | null,
  after: { readonly at: string; readonly id: string } | null,
  limit: number,
): Promise<AgreementRow[]> {
  const rows = await tx.$queryRaw<Found[]>`
    SELECT a.*, a.starts_on::text, a.ends_on::text
    FROM app.agreements(NULL, ${state === null ? null : [state]}::text[], ${after?.at ?? null}::timestamptz, ${after?.id ?? null}::uuid, ${limit}::int) a`
  return rows.map(rowOf)
}

/** One agreement by its code, when the actor may know it. */
export async function findAgreement(tx: ActorTx, code: string): Promise<AgreementRow | null> {
  const rows = await tx.$queryRaw<Found[]>`
    SELECT a.*, a.starts_on::text, a.ends_on::text FROM app.agreements(${code}, NULL, NULL, NULL, 1) a`
  const row = rows[0]
  return row?.code === code ? rowOf(row) : null
}

/** The agencies of the actor's network that an agreement may be made with, by name. */
export async function listPossibleParties(tx: ActorTx): Promise<PossibleParty[]> {
  const { network, agency } = actorOf(tx)
  return tx.agency.findMany({
    where: { networkId: network, kind: { not: 'operator' }, id: { not: agency }, onAmparo: true },
    orderBy: [{ name: 'asc' }, { key: 'asc' }],
    select: { key: true, name: true },
    take: 1000,
  })
}

/** What lets the actor's agency pass data of a category to another for a purpose now; null when nothing does. */
export async function findCovering(
  tx: ActorTx,
  receiver: string,
  purpose: Purpose,
  category: CategoryKey,
): Promise<Covering | null> {
  const rows = await tx.$queryRaw<{ code: string; identity_level: IdentityLevel }[]>`
    SELECT code, identity_level FROM app.agreement_towards(${receiver}::uuid, ${purpose}, ${category})`
  const [row] = rows
  return row === undefined ? null : { agreement: row.code, identity: row.identity_level }
}

/** Writes a proposal; with `ok` comes its code, of the one that is there when the id was used before. */
export async function insertAgreement(
  tx: ActorTx,
  id: string,
  input: ProposeAgreementInput,
): Promise<{ readonly answer: AgreementAnswer; readonly code: string | null }> {
  const proposal = JSON.stringify({ ...input, parties: input.parties.map(({ agency }) => agency) })
  const rows = await tx.$queryRaw<{ answer: AgreementAnswer; code: string | null }[]>`
    SELECT answer, code FROM app.propose_agreement(${id}::uuid, ${proposal}::jsonb, ${originOf(tx)}::jsonb)`
  return { answer: answered(rows), code: rows[0]?.code ?? null }
}

export async function markSigned(tx: ActorTx, code: string, version: number): Promise<AgreementAnswer> {
  return answered(
    await tx.$queryRaw<Answered>`
      SELECT app.sign_agreement(${code}, ${version}::int, ${originOf(tx)}::jsonb) AS answer`,
  )
}

export async function markLeft(tx: ActorTx, code: string, version: number): Promise<AgreementAnswer> {
  return answered(
    await tx.$queryRaw<Answered>`
      SELECT app.end_agreement(${code}, ${version}::int, ${originOf(tx)}::jsonb) AS answer`,
  )
}

type Answered = { answer: AgreementAnswer }[]

function answered(rows: Answered): AgreementAnswer {
  const answer = rows[0]?.answer
  if (answer === undefined) throw new Error('A change to an agreement gives one answer')
  return answer
}

function rowOf(row: Found): AgreementRow {
  const { id, code, state, holder, purposes, categories, document, version, parties } = row
  return {
    ...{ id, code, state, holder, purposes, categories, document, version, parties },
    own: row.own_standing,
    proposedAt: row.proposed_at.toISOString(),
    identity: row.identity_level,
    startsOn: row.starts_on,
    endsOn: row.ends_on,
    confirmedAt: row.confirmed_at?.toISOString() ?? null,
    endedAt: row.ended_at?.toISOString() ?? null,
  }
}
