import { actorOf, type ActorTx } from '@/lib/access/with-actor'

import type { FigureRow, LatestRecord } from './schema'

/** The states in which a service counts as done: it reached the person, in whole or in part. */
const DONE = ['in_progress', 'delivered', 'interrupted']

/** Services of the actor's agency in a year, by paragraph, category, type and month (1 to 12). */
export async function listFigures(tx: ActorTx, paragraphs: readonly string[], year: number): Promise<FigureRow[]> {
  const { agency } = actorOf(tx)
  return tx.$queryRaw<FigureRow[]>`
    SELECT paragraph, category, type, extract(month FROM month)::int AS month, sum(n)::int AS n
    FROM rollup_live
    WHERE agency_id = ${agency}::uuid AND measure = 'services' AND paragraph = ANY(${[...paragraphs]}) AND NOT restricted
      AND state = ANY(${DONE}) AND month >= make_date(${year}::int, 1, 1) AND month < make_date(${year}::int + 1, 1, 1)
    GROUP BY 1, 2, 3, 4 HAVING sum(n) <> 0`
}

/** How many people had a service under the paragraph in the year, and the first and last year with any record. */
export async function findPersons(
  tx: ActorTx,
  paragraphs: readonly string[],
  year: number,
): Promise<{ readonly persons: number; readonly first: number | null; readonly last: number | null }> {
  const { agency } = actorOf(tx)
  const [row] = await tx.$queryRaw<{ persons: number; first: number | null; last: number | null }[]>`
    SELECT coalesce(sum(n) FILTER (WHERE year = ${year}::int), 0)::int AS persons,
      min(year) FILTER (WHERE n > 0) AS first, max(year) FILTER (WHERE n > 0) AS last
    FROM (
      SELECT extract(year FROM month)::int AS year, sum(n) AS n FROM rollup_live
      WHERE agency_id = ${agency}::uuid AND measure = 'persons' AND paragraph = ANY(${[...paragraphs]}) AND NOT restricted
      GROUP BY 1
    ) years`
  return row ?? { persons: 0, first: null, last: null }
}

/**
 * The latest records of the agency under a paragraph, among its latest thousand: a paragraph that few records stand
 * under must not make the database read them all.
 */
export async function listLatest(tx: ActorTx, paragraphs: readonly string[]): Promise<LatestRecord[]> {
  const { agency } = actorOf(tx)
  return tx.$queryRaw<LatestRecord[]>`
    SELECT l.code, c.code AS "case", l.category, l.type, to_char(l.delivered_on, 'YYYY-MM-DD') AS "deliveredOn"
    FROM (
      SELECT s.id, s.code, s.case_id, s.category, s.type, s.delivered_on FROM service s
      WHERE s.agency_id = ${agency}::uuid AND NOT s.restricted AND s.status = ANY(${DONE}::service_status[])
      ORDER BY s.delivered_on DESC, s.id DESC LIMIT 1000
    ) l JOIN case_file c ON c.id = l.case_id
    WHERE EXISTS (SELECT 1 FROM service_mandate m WHERE m.service_id = l.id AND m.paragraph = ANY(${[...paragraphs]}))
    ORDER BY l.delivered_on DESC, l.id DESC LIMIT 5`
}
