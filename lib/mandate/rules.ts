import {
  CATEGORY_KEYS,
  CATEGORY_PARAGRAPH,
  COORDINATION_PARAGRAPH,
  SERVICE_TYPE_PARAGRAPHS,
  type CategoryKey,
} from './categories'
import { PARAGRAPHS, RESOLUTION, type ResolutionItem } from './resolution'
import type { MandateLink } from './schema'

/** Why a record stands under a paragraph: by its category, as all assistance does, by its type, or by a fact in it. */
export type MandateReason = 'category' | 'coordination' | 'type' | 'adapted' | 'proceedings'

export type MandateBasis = { readonly paragraph: string; readonly reason: MandateReason }

/** The facts of a record of assistance that decide its paragraphs. */
export type MandateFacts = {
  readonly category: CategoryKey
  readonly type?: string | null | undefined
  /** What the service was adapted to: age, gender, special needs (paragraph 6(c)). */
  readonly adaptations?: readonly string[] | undefined
  /** Whether it protected the person before, during or after criminal proceedings (paragraph 7). */
  readonly protectsAroundProceedings?: boolean | undefined
}

/**
 * The paragraphs that a record of assistance stands under, each once: its category's and paragraph 9 always and
 * first, then what its type and facts add, in the resolution's order. The database refuses a record without the first
 * two.
 */
export function paragraphsFor(facts: MandateFacts): readonly MandateBasis[] {
  const always: MandateBasis[] = [
    { paragraph: CATEGORY_PARAGRAPH[facts.category], reason: 'category' },
    { paragraph: COORDINATION_PARAGRAPH, reason: 'coordination' },
  ]
  const further: MandateBasis[] = SERVICE_TYPE_PARAGRAPHS.filter(
    ({ category, type }) => category === facts.category && type === facts.type,
  ).map(({ paragraph }) => ({ paragraph, reason: 'type' }))
  if ((facts.adaptations ?? []).length > 0) further.push({ paragraph: '6(c)', reason: 'adapted' })
  if (facts.protectsAroundProceedings === true) further.push({ paragraph: '7', reason: 'proceedings' })

  const ordered = further.sort((a, b) => paragraphOrder(a.paragraph) - paragraphOrder(b.paragraph))
  return [...always, ...ordered].filter(
    ({ paragraph }, at, all) => all.findIndex((basis) => basis.paragraph === paragraph) === at,
  )
}

/** The link to a paragraph's page; `6(b)` becomes `/mandate/6/b`. */
export function mandateLink(paragraph: string): MandateLink {
  return { symbol: RESOLUTION.symbol, paragraph, href: `/mandate/${segmentsOf(paragraph).join('/')}` }
}

/** The paragraph that an address names (`['6', 'b']` is `6(b)`), or null when the resolution has none such. */
export function paragraphAt(segments: readonly string[]): string | null {
  const [number = '', ...letters] = segments
  const paragraph = number + letters.map((letter) => `(${letter})`).join('')
  const plain = segments.every((segment) => /^[a-z0-9]+$/.test(segment))
  return plain && PARAGRAPH_KEYS.includes(paragraph) ? paragraph : null
}

/** Every paragraph, sub-paragraph and item by name, in the resolution's order: 1, 2, 2(a), 2(b) … 17. */
export const PARAGRAPH_KEYS: readonly string[] = PARAGRAPHS.flatMap((paragraph) => [
  paragraph.number,
  ...itemKeys(paragraph.number, paragraph.items),
])

/** The place of a paragraph in the resolution, from 0; -1 for a name it doesn't have. */
export function paragraphOrder(paragraph: string): number {
  return PARAGRAPH_KEYS.indexOf(paragraph)
}

/** The paragraphs that facts of a record may add: its adaptations, and protection around proceedings. */
const FACT_PARAGRAPHS = ['6(c)', '7']

const RECORD_PARAGRAPHS: ReadonlySet<string> = new Set([
  ...Object.values(CATEGORY_PARAGRAPH),
  COORDINATION_PARAGRAPH,
  ...SERVICE_TYPE_PARAGRAPHS.map(({ paragraph }) => paragraph),
  ...FACT_PARAGRAPHS,
])

/** Whether a record of assistance can stand under this paragraph itself. */
export function takesRecords(paragraph: string): boolean {
  return RECORD_PARAGRAPHS.has(paragraph)
}

/** The paragraph's parts, one level down: of 5(b), these are 5(b)(i) and 5(b)(ii). */
export function paragraphParts(paragraph: string): readonly string[] {
  return PARAGRAPH_KEYS.filter(
    (key) => key.startsWith(`${paragraph}(`) && !key.slice(paragraph.length + 1).includes('('),
  )
}

/** The parts of a paragraph that records can stand under: of 6, these are 6(a) to 6(d). */
export function partsWithRecords(paragraph: string): readonly string[] {
  return PARAGRAPH_KEYS.filter((key) => key.startsWith(`${paragraph}(`) && takesRecords(key))
}

/** How a record comes to stand under a paragraph, each way once. */
export type WayToParagraph =
  | { readonly by: 'category'; readonly category: CategoryKey }
  | { readonly by: 'type'; readonly category: CategoryKey; readonly types: readonly string[] }
  | { readonly by: 'coordination' | 'adapted' | 'proceedings' }

/** The ways in which a record comes under this paragraph; none for one that no record stands under. */
export function waysTo(paragraph: string): readonly WayToParagraph[] {
  const ways: WayToParagraph[] = CATEGORY_KEYS.filter((category) => CATEGORY_PARAGRAPH[category] === paragraph).map(
    (category) => ({ by: 'category', category }),
  )
  if (paragraph === COORDINATION_PARAGRAPH) ways.push({ by: 'coordination' })
  for (const category of CATEGORY_KEYS) {
    const types = SERVICE_TYPE_PARAGRAPHS.filter((row) => row.category === category && row.paragraph === paragraph)
    if (types.length > 0) ways.push({ by: 'type', category, types: types.map(({ type }) => type) })
  }
  if (paragraph === '6(c)') ways.push({ by: 'adapted' })
  if (paragraph === '7') ways.push({ by: 'proceedings' })
  return ways
}

/** The text of one paragraph or part of it, or null when the resolution has none such. */
export function paragraphText(paragraph: string): { readonly zh: string; readonly en: string } | null {
  const [number, ...letters] = segmentsOf(paragraph)
  let found: { zh: string; en: string; items: readonly ResolutionItem[] } | undefined = PARAGRAPHS.find(
    (candidate) => candidate.number === number,
  )
  for (const letter of letters) found = found?.items.find((item) => item.letter === letter)
  return found === undefined ? null : { zh: found.zh, en: found.en }
}

function itemKeys(above: string, items: readonly ResolutionItem[]): string[] {
  return items.flatMap((item) => {
    const key = `${above}(${item.letter})`
    return [key, ...itemKeys(key, item.items)]
  })
}

function segmentsOf(paragraph: string): string[] {
  return paragraph.split(/[()]+/).filter((segment) => segment !== '')
}
