import { actorOf, type ActorTx } from '@/lib/access/with-actor'
import { parseCode } from '@/lib/platform/ids'

/** An open case that the actor works on, with what an entry for several people needs of it. */
export type NamedCase = {
  readonly id: string
  readonly code: string
  readonly person: string
  readonly personCode: string
  readonly holder: string
  readonly agency: string
  readonly onTeam: boolean
}

/** The open cases of the actor's team that codes name, by their own or by the person's; any other is left out. */
export async function findNamedCases(tx: ActorTx, texts: readonly string[]): Promise<readonly NamedCase[]> {
  const cases = texts.map((text) => parseCode(text, 'CAS')).filter((code) => code !== null)
  const persons = texts.map((text) => parseCode(text, 'AMP')).filter((code) => code !== null)
  return tx.$queryRaw<NamedCase[]>`
    SELECT c.id, c.code, c.person_id AS person, p.code AS "personCode", c.holder_agency_id AS holder, c.agency_id AS agency,
      true AS "onTeam"
    FROM (
      SELECT id FROM case_file WHERE code = ANY (${cases})
      UNION
      SELECT f.id FROM person q JOIN case_file f ON f.person_id = q.id WHERE q.code = ANY (${persons})
    ) named
    JOIN case_file c ON c.id = named.id JOIN person p ON p.id = c.person_id
    WHERE c.status NOT IN ('closed', 'closed_referred') AND app.on_team(c.id)`
}

export type CaseChoice = { readonly code: string; readonly person: string; readonly number: number }

/** The open cases that the actor worked on last: by their own services, else by when they joined the team. */
export async function listLastCases(tx: ActorTx, limit: number): Promise<readonly CaseChoice[]> {
  const { agency, member } = actorOf(tx)
  return tx.$queryRaw<CaseChoice[]>`
    SELECT c.code, p.code AS person, c.number
    FROM assignment a
    JOIN case_file c ON c.id = a.case_id AND c.status NOT IN ('closed', 'closed_referred')
    JOIN person p ON p.id = c.person_id
    LEFT JOIN LATERAL (
      SELECT s.entered_at FROM service s
      WHERE s.case_id = c.id AND s.worker_id = ${member}::uuid ORDER BY s.delivered_on DESC, s.id DESC LIMIT 1
    ) last ON true
    WHERE a.member_id = ${member}::uuid AND a.agency_id = ${agency}::uuid AND a.ended_at IS NULL
    ORDER BY greatest(a.started_at, last.entered_at) DESC, c.id
    LIMIT ${limit}`
}
