import type postgres from 'postgres'

import type { LoadedAgency } from '../demo/office'

const AREAS = ['north', 'east', 'south', 'west', 'centre'] as const

/**
 * Lists any number of services of these agencies, of every type, for all kinds of people, with room and one who answers:
 * a directory as large as a country's. For measuring only.
 */
export async function writeListedServices(
  sql: postgres.TransactionSql,
  network: string,
  agencies: readonly LoadedAgency[],
  count: number,
): Promise<void> {
  for (const area of AREAS)
    await sql`INSERT INTO network_area (network_id, key, name) VALUES (${network}, ${area}, ${`${area} district`})`
  const ids = agencies.map(({ id }) => id)
  const answering = agencies.map(({ caseworkers }) => caseworkers[0] ?? '')
  await sql`
    WITH types AS (SELECT category, type, row_number() OVER (ORDER BY category, sort)::int AS place, count(*) OVER ()::int AS many FROM service_type)
    INSERT INTO listed_service (id, code, network_id, agency_id, category, type, name, min_age, max_age, genders, languages, interpreters, areas,
      step_free, with_children, opening)
    SELECT gen_random_uuid(), app.new_code('DIR'), ${network}, (${sql.array(ids)}::uuid[])[1 + n % ${ids.length}::int], t.category, t.type, 'Service ' || n,
      CASE WHEN n % 3 = 0 THEN 18 END, CASE WHEN n % 7 = 0 THEN 64 END, CASE WHEN n % 5 = 0 THEN '{Feminine}'::text[] ELSE '{}' END,
      CASE n % 4 WHEN 0 THEN '{eng,tir}'::text[] WHEN 1 THEN '{eng}' WHEN 2 THEN '{fra,ara}' ELSE '{}' END, n % 2 = 0,
      CASE WHEN n % 2 = 0 THEN ARRAY[(${sql.array([...AREAS])}::text[])[1 + n % 5]] ELSE '{}' END, n % 3 = 1, n % 4 = 1,
      '[{"day":1,"opens":540,"closes":1020},{"day":3,"opens":540,"closes":1020}]'
    FROM generate_series(1, ${count}::int) n JOIN types t ON t.place = 1 + n % t.many`
  await sql`
    INSERT INTO listed_service_room (listed_service_id, agency_id, unit, available, maximum, updated_at)
    SELECT s.id, s.agency_id, 'places', right(s.name, 1)::int, 20, now() - make_interval(hours => right(s.name, 2)::text::int)
    FROM listed_service s WHERE s.network_id = ${network} AND length(s.name) > 9`
  await sql`
    INSERT INTO listed_service_receiver (listed_service_id, agency_id, member_id)
    SELECT s.id, s.agency_id, m.id FROM listed_service s JOIN member m ON m.agency_id = s.agency_id
    WHERE s.network_id = ${network} AND m.id = ANY (${sql.array(answering)}::uuid[])`
}
