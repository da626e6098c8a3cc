import 'server-only'

import type { Actor } from '@/lib/access/actor'
import { holds } from '@/lib/access/permissions'
import { nowIn, todayIn, withActor } from '@/lib/access/with-actor'
import { record } from '@/lib/audit/record'
import { unitLoadIn } from '@/lib/cases/staffing-service'
import { CATEGORY_KEYS, COORDINATION_PARAGRAPH } from '@/lib/mandate/categories'
import { ok, refuse, type Result } from '@/lib/platform/result'

import { listFigures } from '../figures/data'
import { categoriesOf, sumBy, total, yearsToChoose } from '../figures/rules'
import { listCases, listOpenNeeds, listPersons } from './data'
import { casesOf, openNeedsOf, personsOf } from './rules'
import type { Dashboard } from './schema'

/** So many types of service are drawn; the rest stands with its category. */
const TYPES = 10

/**
 * What the actor's agency did in a year (this one, unless told), the needs that are open now, and for supervisors what
 * their unit carries. Services, people and cases come from the rollups; every service is counted once, under paragraph
 * 9, where all of them stand. Restricted cases are in no figure. Refuses with `forbidden` roles without casework.
 */
export async function viewDashboard(
  actor: Actor,
  input: { readonly year?: number | undefined } = {},
): Promise<Result<Dashboard>> {
  if (!holds(actor, 'report:read')) return refuse('forbidden')
  return withActor(actor, async (tx) => {
    const current = Number(todayIn(tx).slice(0, 4))
    const year = input.year ?? current
    const rows = await listFigures(tx, [COORDINATION_PARAGRAPH], year)
    const { first, last, ...persons } = personsOf(await listPersons(tx), year)
    const cases = casesOf(await listCases(tx, year))
    const needs = openNeedsOf(await listOpenNeeds(tx))
    const load = holds(actor, 'team:lead') ? await unitLoadIn(tx) : null
    await record(tx, {
      type: 'mandate.listed',
      basis: `A/RES/58/137 ${COORDINATION_PARAGRAPH}`,
      fields: ['service', 'case', 'need'],
    })
    return ok({
      year,
      years: yearsToChoose(first, last, year, current),
      asOf: nowIn(tx).toISOString(),
      services: total(rows),
      ...persons,
      ...cases,
      categories: categoriesOf(rows, CATEGORY_KEYS),
      types: sumBy(rows, ({ category, type }) => `${category}.${type}`).slice(0, TYPES),
      needs,
      load,
    })
  })
}
