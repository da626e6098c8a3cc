import { actorOf, type ActorTx } from '@/lib/access/with-actor'

import type { CasesRow, OpenNeedsRow, PersonsRow } from './schema'

/** How many people of the actor's agency had a service, by paragraph and year. */
export async function listPersons(tx: ActorTx): Promise<PersonsRow[]> {
  const { agency } = actorOf(tx)
  return tx.$queryRaw<PersonsRow[]>`
    SELECT paragraph, extract(year FROM month)::int AS year, sum(n)::int AS n FROM rollup_live
    WHERE agency_id = ${agency}::uuid AND measure = 'persons' AND NOT restricted
    GROUP BY 1, 2 HAVING sum(n) > 0`
}

/** How many cases of the actor's agency stand how, and how many of these were opened in the year. */
export async function listCases(tx: ActorTx, year: number): Promise<CasesRow[]> {
  const { agency } = actorOf(tx)
  return tx.$queryRaw<CasesRow[]>`
    SELECT state AS status, sum(n)::int AS n,
      coalesce(sum(n) FILTER (WHERE month >= make_date(${year}::int, 1, 1) AND month < make_date(${year}::int + 1, 1, 1)), 0)::int AS opened
    FROM rollup_live
    WHERE agency_id = ${agency}::uuid AND measure = 'cases' AND NOT restricted
    GROUP BY 1`
}

/**
 * The living needs of the actor's agency, by category and urgency. Being late is a matter of now, which no stored
 * figure can hold: these are counted, by the index of an agency's needs by state. Late is as `isContactLate` has it.
 */
export async function listOpenNeeds(tx: ActorTx): Promise<OpenNeedsRow[]> {
  return tx.$queryRaw<OpenNeedsRow[]>`SELECT category, urgency, n, late FROM app.open_needs()`
}
