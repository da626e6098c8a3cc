import 'server-only'

import type { Actor } from '@/lib/access/actor'
import { holds } from '@/lib/access/permissions'
import { todayIn, withActor } from '@/lib/access/with-actor'
import { record } from '@/lib/audit/record'
import { CATEGORY_KEYS } from '@/lib/mandate/categories'
import { partsWithRecords, takesRecords } from '@/lib/mandate/rules'
import { ok, refuse, type Result } from '@/lib/platform/result'

import { findPersons, listFigures, listLatest } from './data'
import { categoriesOf, total, yearsToChoose } from './rules'
import type { ParagraphFigures } from './schema'

/**
 * What the actor's agency did under a paragraph in a year (this one, unless told). Figures come from the rollups,
 * never from the records; restricted cases are in none of them.
 *
 * Refuses with `forbidden` roles without casework, and with `not_found` paragraphs that no record can stand under.
 */
export async function viewParagraphFigures(
  actor: Actor,
  input: { readonly paragraph: string; readonly year?: number | undefined },
): Promise<Result<ParagraphFigures>> {
  if (!holds(actor, 'mandate:figures')) return refuse('forbidden')
  const parts = partsWithRecords(input.paragraph)
  const own = takesRecords(input.paragraph)
  if (!own && parts.length === 0) return refuse('not_found')
  const paragraphs = own ? [input.paragraph] : parts

  return withActor(actor, async (tx) => {
    const current = Number(todayIn(tx).slice(0, 4))
    const year = input.year ?? current
    const rows = await listFigures(tx, paragraphs, year)
    const { persons, first, last } = await findPersons(tx, paragraphs, year)
    const latest = await listLatest(tx, paragraphs)
    await record(tx, { type: 'mandate.listed', basis: `A/RES/58/137 ${input.paragraph}`, fields: ['service'] })
    return ok({
      year,
      years: yearsToChoose(first, last, year, current),
      services: total(rows),
      persons: own ? persons : null,
      categories: own ? categoriesOf(rows, CATEGORY_KEYS) : [],
      parts: own ? [] : parts.map((key) => ({ key, services: total(rows.filter((row) => row.paragraph === key)) })),
      latest,
    })
  })
}
