import { CATEGORY_KEYS, SERVICE_TYPES } from '@/lib/mandate/categories'
import { PARAGRAPHS, RESOLUTION } from '@/lib/mandate/resolution'
import {
  PARAGRAPH_KEYS,
  mandateLink,
  paragraphsFor,
  partsWithRecords,
  waysTo,
  type WayToParagraph,
} from '@/lib/mandate/rules'

/** docs/mandate-map.md: where each paragraph of the resolution is carried out, and what stands under it. */
export function mandateMap(): string {
  const themes = new Map(PARAGRAPHS.map(({ number, theme }) => [number, theme.replaceAll('-', ' ')]))
  const paragraphs = PARAGRAPH_KEYS.map((paragraph) => {
    const ways = waysTo(paragraph).map(wayText)
    const parts = partsWithRecords(paragraph)
    const records = ways.length > 0 ? ways.join('; ') : parts.length > 0 ? `see ${parts.join(', ')}` : ''
    return `| ${paragraph} | ${themes.get(paragraph) ?? ''} | \`${mandateLink(paragraph).href}\` | ${records} |`
  })
  const categories = CATEGORY_KEYS.map((category) => {
    const always = paragraphsFor({ category }).map(({ paragraph }) => paragraph)
    const types = SERVICE_TYPES[category].map((type) => {
      const further = paragraphsFor({ category, type })
        .map(({ paragraph }) => paragraph)
        .filter((paragraph) => !always.includes(paragraph))
      return `\`${type}\`${further.length === 0 ? '' : ` (+${further.join(', +')})`}`
    })
    return `| \`${category}\` | ${always.join(', ')} | ${types.join(', ')} |`
  })
  return `# The mandate map

Made by \`node scripts/run.mjs docs\` from \`lib/mandate\`; a test fails when it is out of date. The resolution is ${RESOLUTION.symbol}. Each record of assistance has rows that tie it to its paragraphs, and the database refuses a record without its category's paragraph and paragraph 9.

## Categories and types of service

| category | paragraphs, always | types of service (and what they add) |
|---|---|---|
${categories.join('\n')}

Further, from the facts of a record: 6(c) where the service was adapted to age, gender or special needs; 7 where it protected the person around criminal proceedings.

## Paragraphs

| paragraph | theme | page | records of assistance that stand under it |
|---|---|---|---|
${paragraphs.join('\n')}
`
}

function wayText(way: WayToParagraph): string {
  switch (way.by) {
    case 'category':
      return `all \`${way.category}\``
    case 'coordination':
      return 'all'
    case 'type':
      return `\`${way.category}\`: ${way.types.map((type) => `\`${type}\``).join(', ')}`
    case 'adapted':
      return 'adapted to age, gender or special needs'
    case 'proceedings':
      return 'protection around proceedings'
  }
}
