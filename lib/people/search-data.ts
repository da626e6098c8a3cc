import { actorOf, type ActorTx } from '@/lib/access/with-actor'

/** A digest to look for, and how much it weighs in the rough order; `proposes` is false for a birth year, which proposes nobody by itself. */
export type WantedToken = { readonly digest: Uint8Array; readonly weight: number; readonly proposes: boolean }

export type CandidateRow = { readonly id: string; readonly matched: readonly number[] }

/** How many candidates are scored; the order before that is by the sum of weights. */
const MOST_CANDIDATES = 400

/**
 * The persons of the actor's agency who have some of the tokens, and which (by place). Persons whom a restricted case
 * hides are no rows of `person` for whoever is off the team, so they are no candidates either (trap T11).
 */
export async function listCandidates(tx: ActorTx, wanted: readonly WantedToken[]): Promise<CandidateRow[]> {
  if (!wanted.some(({ proposes }) => proposes)) return []
  const digests = wanted.map(({ digest }) => Buffer.from(digest).toString('hex'))
  const weights = wanted.map(({ weight }) => weight)
  const proposes = wanted.map((token) => token.proposes)
  return tx.$queryRaw<CandidateRow[]>`
    WITH wanted AS MATERIALIZED (
      SELECT decode(w.digest, 'hex') AS token, w.weight, w.proposes, (w.place - 1)::int AS place
      FROM unnest(${digests}::text[], ${weights}::float8[], ${proposes}::boolean[]) WITH ORDINALITY AS w(digest, weight, proposes, place)
    ), found AS (
      SELECT t.person_id, array_agg(w.place) AS matched, sum(w.weight) AS rough
      FROM wanted w JOIN search_token t ON t.agency_id = ${actorOf(tx).agency}::uuid AND t.token = w.token
      GROUP BY t.person_id HAVING bool_or(w.proposes)
    )
    SELECT p.id, f.matched FROM found f JOIN person p ON p.id = f.person_id
    ORDER BY f.rough DESC, p.id LIMIT ${MOST_CANDIDATES}`
}

export type GrantedRow = { readonly code: string; readonly from_agency: string; readonly matched: readonly number[] }

/** The referrals that the actor answers for whose person has some of the tokens, as far as they may know the name now. */
export async function listGranted(tx: ActorTx, wanted: readonly WantedToken[]): Promise<readonly GrantedRow[]> {
  if (!wanted.some(({ proposes }) => proposes)) return []
  const digests = wanted.map(({ digest }) => Buffer.from(digest).toString('hex'))
  const weights = wanted.map(({ weight }) => weight)
  return tx.$queryRaw<GrantedRow[]>`
    SELECT code, from_agency, matched
    FROM app.granted_candidates(${digests}::text[], ${weights}::float8[], ${wanted.map(({ proposes }) => proposes)}::boolean[])`
}

/** The digests of somebody whom another agency holds and named to the actor with a referral. */
export async function listGrantedTokens(
  tx: ActorTx,
  person: string,
): Promise<readonly { readonly token: Uint8Array<ArrayBuffer> }[]> {
  return tx.$queryRaw<{ token: Uint8Array<ArrayBuffer> }[]>`SELECT token FROM app.granted_tokens(${person}::uuid)`
}

export type HitRow = {
  readonly id: string
  readonly code: string
  readonly birth_band: number | null
  readonly team: boolean
  readonly responsible: string | null
}

/** What the lines of a search show of these persons: code, birth-year band, who to ask, whether the actor is on the team. */
export async function listHits(tx: ActorTx, persons: readonly string[]): Promise<HitRow[]> {
  if (persons.length === 0) return []
  return tx.$queryRaw<HitRow[]>`
    SELECT p.id, p.code, p.birth_band, app.person_team(p.id) AS team, coalesce(
      (SELECT m.display_name FROM case_file c JOIN assignment a ON a.case_id = c.id AND a.ended_at IS NULL
         JOIN member m ON m.agency_id = a.agency_id AND m.id = a.member_id
       WHERE c.person_id = p.id AND c.holder_agency_id = p.holder_agency_id
       ORDER BY c.status IN ('closed', 'closed_referred'), c.opened_on DESC, a.lead DESC, a.started_at LIMIT 1),
      (SELECT m.display_name FROM member m WHERE m.agency_id = p.agency_id AND m.id = p.registered_by_id)) AS responsible
    FROM person p WHERE p.id = ANY (${[...persons]}::uuid[])`
}

/** Keeps a sealed search text for this member alone, and drops those of theirs that have run out. */
export async function keepHandle(
  tx: ActorTx,
  hash: Uint8Array<ArrayBuffer>,
  sealed: Uint8Array<ArrayBuffer>,
  minutes: number,
): Promise<void> {
  const { member, agency } = actorOf(tx)
  await tx.$executeRaw`DELETE FROM search_handle WHERE member_id = ${member}::uuid AND expires_at < clock_timestamp()`
  await tx.$executeRaw`
    INSERT INTO search_handle (hash, member_id, agency_id, sealed, expires_at)
    VALUES (${hash}, ${member}::uuid, ${agency}::uuid, ${sealed}, clock_timestamp() + make_interval(mins => ${minutes}))`
}

/** The sealed text behind a handle of this member, or null when there is none or it has run out. */
export async function findHandle(tx: ActorTx, hash: Uint8Array<ArrayBuffer>): Promise<Uint8Array | null> {
  const rows = await tx.$queryRaw<{ sealed: Uint8Array }[]>`
    SELECT h.sealed FROM search_handle h
    WHERE h.hash = ${hash} AND h.member_id = ${actorOf(tx).member}::uuid AND h.expires_at > clock_timestamp()`
  return rows[0]?.sealed ?? null
}

/** The case and kind of a need or a service by its code, as far as the actor may know of it. */
export async function findCaseOf(
  tx: ActorTx,
  kind: 'need' | 'service' | 'consent',
  code: string,
): Promise<string | null> {
  const where = { where: { code }, select: { case: { select: { code: true } } } }
  const found =
    kind === 'need'
      ? await tx.need.findFirst(where)
      : kind === 'service'
        ? await tx.service.findFirst(where)
        : await tx.consent.findFirst(where)
  return found?.case.code ?? null
}
