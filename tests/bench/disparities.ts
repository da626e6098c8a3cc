import type postgres from 'postgres'

import type { Actor } from '@/lib/access/actor'
import { CATEGORY_KEYS } from '@/lib/mandate/categories'
import { cannotAsk } from '@/lib/oversight/disparities/rules'
import { OUTCOME_KEYS } from '@/lib/oversight/disparities/schema'
import { runDisparity } from '@/lib/oversight/disparities/service'
import { closeAppClient } from '@/lib/platform/db/client'
import { newId } from '@/lib/platform/ids'
import { GROUNDS } from '@/lib/reporting/cube/schema'
import { freezeExtract } from '@/lib/reporting/cube/service'
import { Chance } from '@/prisma/seed/random'
import { memberOf } from '@/tests/factories/office'
import { AGREED, falseAlarms, type FalseAlarms } from './false-alarms'
import { openInstance } from './instance'

type DisparitiesMeasured = {
  readonly persons: number
  readonly needs: number
  readonly freezeSeconds: number
  /** Every ground by every outcome that can be asked of it. */
  readonly runs: number
  readonly runSeconds: number
  /** The same counts by SQL from the extract itself, with nothing kept back. */
  readonly rawSeconds: number
  readonly falseAlarms: FalseAlarms
}

const AGENCIES = 5
const DRAWN = 1000

/**
 * Measures the freezing of a year and everything that can be asked of it. The extract is made as such, of needs that are
 * drawn at random: taking it from records isn't measured here, nor is the loading of so many.
 */
export async function measureDisparities(persons: number, tell: (what: string) => void): Promise<DisparitiesMeasured> {
  const instance = await openInstance({ data: undefined }, tell, () => Promise.resolve())
  try {
    const { owner, superuser } = instance
    const network = newId()
    await owner`INSERT INTO network (id, key, name, country, time_zone) VALUES (${network}, 'bench', 'Bench', 'XX', 'UTC')`
    const agencies = Array.from({ length: AGENCIES }, (_, at) => `agency${String(at)}`)
    for (const key of agencies) await addAgency(owner, network, key, 'ngo')
    const auditor = await memberOf(owner, await addAgency(owner, network, 'auditor', 'oversight'), ['auditor'], null)
    tell(`Making an extract of ${persons.toLocaleString('en')} persons`)
    const cube = await makeExtract(superuser, network, agencies, persons)
    tell('Freezing it')
    const freezeSeconds = await timed(() => owner.begin((sql) => freezeExtract(sql, cube)))
    tell('Asking everything')
    let runs = 0
    const runSeconds = await timed(async () => {
      runs = await askEverything(auditor)
    })
    tell('Counting the same from the extract')
    const rawSeconds = await timed(() => countEverything(superuser, cube))
    const [row] = await superuser<{ n: number }[]>`SELECT count(*)::int AS n FROM cube_unit`
    tell('Drawing years in which nobody is treated otherwise')
    return {
      persons,
      needs: row?.n ?? 0,
      freezeSeconds,
      runs,
      runSeconds,
      rawSeconds,
      falseAlarms: falseAlarms(DRAWN, new Chance(58_137)),
    }
  } finally {
    await closeAppClient()
    await instance.close()
  }
}

async function addAgency(sql: postgres.Sql, network: string, key: string, kind: 'ngo' | 'oversight'): Promise<string> {
  const id = newId()
  await sql`
    INSERT INTO agency (id, key, name, kind, network_id, country, time_zone) VALUES (${id}, ${key}, ${key}, ${kind}, ${network}, 'XX', 'UTC')`
  // Nobody holds a phone here.
  await sql`INSERT INTO second_factor_waiver (agency_id) VALUES (${id})`
  return id
}

/** One or two needs of each person, with groups of very different sizes, of whom none is treated otherwise. */
async function makeExtract(
  sql: postgres.Sql,
  network: string,
  agencies: readonly string[],
  persons: number,
): Promise<string> {
  const cube = newId()
  await sql`
    INSERT INTO cube (id, network_id, starts_on, ends_on, as_of, needs, refused)
    VALUES (${cube}, ${network}, '2025-01-01', '2025-12-31', now(), ${persons}, 0)`
  await sql`SELECT setseed(0.58137)`
  await sql`
    INSERT INTO cube_unit (cube_id, unit, person, category, agency_key, gender, age, region, language, interpreter, disability, migration, exploitation,
      cooperation, place, identification, met, in_time, complete, wait, course, referral, pace, answer, why, nth)
    SELECT ${cube}, sha256(convert_to(p || '-' || k, 'UTF8')), sha256(convert_to(p::text, 'UTF8')), (${sql.array([...CATEGORY_KEYS])}::text[])[1 + (p + k) % 6],
      (${sql.array([...agencies])}::text[])[1 + p % ${AGENCIES}::int], (ARRAY['Feminine', 'Feminine', 'Masculine', 'not_asked'])[1 + h % 4],
      (ARRAY['under_18', '18_24', '25_34', '35_44', '45_up'])[1 + h / 7 % 5], (ARRAY['africa', 'asia', 'europe', 'americas', 'unknown'])[1 + h / 11 % 5],
      'l' || floor(sqrt(h % 900))::int, (ARRAY['needed', 'not_needed', 'not_asked'])[1 + h / 13 % 3], (ARRAY['none', 'none', 'some', 'declined'])[1 + h / 17 % 4],
      (ARRAY['Citizen', 'Irregular', 'unknown'])[1 + h / 19 % 3], 'e' || h / 23 % 6, (ARRAY['yes', 'no', 'not_asked'])[1 + h / 29 % 3],
      (ARRAY['here', 'abroad', 'both'])[1 + h / 31 % 3], (ARRAY['possible', 'actual'])[1 + h / 37 % 2], (ARRAY['yes', 'no'])[1 + (r > 0.6)::int],
      CASE WHEN pace IN ('quarter', 'half', 'limit') THEN 'yes' ELSE 'no' END, (ARRAY['yes', 'no'])[1 + (s > 0.8)::int],
      CASE WHEN pace IN ('quarter', 'half', 'limit') THEN 'in_time' WHEN pace IN ('twice', 'later') THEN pace ELSE 'none' END,
      CASE WHEN pace IN ('left_limit', 'left_twice', 'waiting') THEN 'none' WHEN s > 0.9 THEN 'interrupted' ELSE 'uninterrupted' END, referral, pace,
      CASE WHEN referral IN ('accepted', 'declined') THEN (ARRAY['in_time', 'late'])[1 + (s > 0.7)::int] ELSE referral END,
      CASE WHEN referral = 'declined' THEN (ARRAY['capacity', 'unfit', 'person', 'else'])[1 + floor(s * 3.99)::int] ELSE 'none' END,
      CASE k WHEN 0 THEN 'first' ELSE 'further' END
    FROM (
      SELECT p, k, abs(hashint4(p)) AS h, random() AS r, random() AS s,
        (ARRAY['quarter', 'half', 'limit', 'twice', 'later', 'left_limit', 'left_twice', 'waiting'])[1 + floor(random() * 7.99)::int] AS pace,
        (ARRAY['accepted', 'declined', 'other', 'none', 'none'])[1 + floor(random() * 4.99)::int] AS referral
      FROM generate_series(1, ${persons}::int) p, generate_series(0, 1) k WHERE k = 0 OR p % 2 = 0
    ) drawn`
  await sql`ANALYZE cube_unit`
  return cube
}

async function askEverything(auditor: Actor): Promise<number> {
  let runs = 0
  for (const ground of GROUNDS)
    for (const outcome of OUTCOME_KEYS) {
      for (const adjustFor of [[], ['agency' as const, 'category' as const]]) {
        const question = { outcome, ground, period: '2025', adjustFor: [...adjustFor] }
        if (cannotAsk(question) !== null) continue
        const ran = await runDisparity(auditor, question)
        if (!ran.ok) throw new Error(`Asking ${outcome} by ${ground} was refused: ${ran.refusal}`)
        runs += 1
      }
    }
  return runs
}

/** Each ground with each family of classes, by agency and category, as somebody would count who had nothing to keep back. */
async function countEverything(sql: postgres.Sql, cube: string): Promise<void> {
  const families = ['met', 'in_time', 'complete', 'wait', 'course', 'referral', 'pace', 'answer', 'why']
  for (const ground of GROUNDS)
    for (const family of families)
      await sql`SELECT ${sql(ground)}, agency_key, category, ${sql(family)}, count(*) FROM cube_unit WHERE cube_id = ${cube} GROUP BY 1, 2, 3, 4`
}

async function timed(work: () => Promise<unknown>): Promise<number> {
  const begun = performance.now()
  await work()
  return (performance.now() - begun) / 1000
}

/** The result for people. */
export function disparityLines(measured: DisparitiesMeasured): string {
  const { persons, needs, freezeSeconds, runs, runSeconds, rawSeconds, falseAlarms: alarms } = measured
  const count = (n: number) => n.toLocaleString('en')
  const percent = (share: number) => `${(share * 100).toFixed(1)} %`
  return [
    `A year of ${count(persons)} persons with ${count(needs)} needs is frozen in ${freezeSeconds.toFixed(1)} s from an extract that was made at this size.`,
    `${count(runs)} questions, every outcome by every ground, as it is and held equal, take ${runSeconds.toFixed(1)} s: ${((runSeconds / runs) * 1000).toFixed(0)} ms each. Counting the same from the extract by SQL takes ${rawSeconds.toFixed(1)} s.`,
    `Where nobody is treated otherwise, so many of ${count(alarms.years)} years raise an alarm; at most ${percent(AGREED)} may:`,
    `  as it is ${percent(alarms.crude)}, within agencies ${percent(alarms.within)} (Mantel–Haenszel), ${percent(alarms.logistic)} (logistic regression);`,
    `  of what is called a difference where agencies differ and groups are spread unevenly, ${percent(alarms.ofCalled)} is none;`,
    `  waiting ${percent(alarms.logRank)} (log-rank), within agencies ${percent(alarms.stratifiedLogRank)};`,
    `  where needs of one person fare alike ${percent(alarms.needsOfOne)}, and ${percent(alarms.needsOfOneApart)} if nothing allowed for it.`,
    '',
  ].join('\n')
}
