import fc from 'fast-check'
import { describe, expect, it } from 'vitest'

import {
  CATEGORY_KEYS,
  CATEGORY_PARAGRAPH,
  isServiceTypeOf,
  RELATED_PARAGRAPHS,
  SERVICE_TYPE_PARAGRAPHS,
  SERVICE_TYPES,
} from './categories'
import { PARAGRAPHS } from './resolution'
import { mandateLink, paragraphAt, paragraphOrder, paragraphsFor, paragraphText, PARAGRAPH_KEYS } from './rules'
import { categoryWithType } from './schema'

const keys = (facts: Parameters<typeof paragraphsFor>[0]) => paragraphsFor(facts).map(({ paragraph }) => paragraph)
const facts = fc.constantFrom(...CATEGORY_KEYS).chain((category) =>
  fc.record({
    category: fc.constant(category),
    type: fc.constantFrom(null, ...SERVICE_TYPES[category]),
    adaptations: fc.subarray(['age', 'gender', 'special_need']),
    protectsAroundProceedings: fc.boolean(),
  }),
)

describe('the paragraphs of a record of assistance', () => {
  it('invariant 1: its category’s paragraph and paragraph 9 come first, whatever the facts', () => {
    fc.assert(
      fc.property(facts, (given) => {
        const [first, second] = keys(given)
        return first === CATEGORY_PARAGRAPH[given.category] && second === '9'
      }),
    )
  })

  it('are each named once, exist, and after the first two follow the resolution’s order', () => {
    fc.assert(
      fc.property(facts, (given) => {
        const found = keys(given)
        const places = found.slice(2).map(paragraphOrder)
        expect(new Set(found).size).toBe(found.length)
        expect(found.every((paragraph) => paragraphOrder(paragraph) >= 0)).toBe(true)
        expect(places).toEqual([...places].sort((a, b) => a - b))
      }),
    )
  })

  it('are 6(b) for legal, psychological, medical and social help, 6(a) for residency, 6(d) for reintegration', () => {
    expect(keys({ category: 'legal' })).toEqual(['6(b)', '9'])
    expect(keys({ category: 'psychological' })).toEqual(['6(b)', '9'])
    expect(keys({ category: 'medical', type: 'emergency_care' })).toEqual(['6(b)', '9'])
    expect(keys({ category: 'social', type: 'transport' })).toEqual(['6(b)', '9'])
    expect(keys({ category: 'residency', type: 'temporary_permit' })).toEqual(['6(a)', '9'])
    expect(keys({ category: 'reintegration', type: 'employment' })).toEqual(['6(d)', '9', '2(b)'])
  })

  it('include 6(c) where the help was adapted to age, gender or special needs', () => {
    expect(paragraphsFor({ category: 'medical', adaptations: ['age'] })).toContainEqual({
      paragraph: '6(c)',
      reason: 'adapted',
    })
    expect(keys({ category: 'medical', adaptations: [] })).not.toContain('6(c)')
  })

  it('include 7 where it protected the person around criminal proceedings, once even if its type says so too', () => {
    expect(keys({ category: 'residency', protectsAroundProceedings: true })).toEqual(['6(a)', '9', '7'])
    expect(paragraphsFor({ category: 'legal', type: 'representation_proceedings' })).toContainEqual({
      paragraph: '7',
      reason: 'type',
    })
    const both = { category: 'legal', type: 'protection_and_safety_orders', protectsAroundProceedings: true } as const
    expect(keys(both)).toEqual(['6(b)', '9', '7'])
  })

  it('all hold for a record to which all of it applies', () => {
    const all = {
      category: 'reintegration',
      type: 'mediation',
      adaptations: ['gender'],
      protectsAroundProceedings: true,
    } as const
    expect(keys(all)).toEqual(['6(d)', '9', '2(b)', '6(c)', '7'])
  })
})

describe('the resolution', () => {
  it('has seventeen operative paragraphs, each with both texts', () => {
    expect(PARAGRAPHS.map(({ number }) => number)).toEqual(Array.from({ length: 17 }, (_, at) => String(at + 1)))
    for (const key of PARAGRAPH_KEYS) {
      const text = paragraphText(key)
      expect(text?.zh, key).toMatch(/\p{Script=Han}/u)
      expect(text?.en.length, key).toBeGreaterThan(20)
    }
  })

  it('has no paragraph of another name', () => {
    for (const key of ['0', '18', '6(e)', '6(b)(i)', '', 'x']) expect(paragraphText(key)).toBeNull()
  })

  it('is reached paragraph by paragraph, and each address leads back to its paragraph', () => {
    expect(mandateLink('6(b)')).toEqual({ symbol: 'A/RES/58/137', paragraph: '6(b)', href: '/mandate/6/b' })
    expect(mandateLink('9').href).toBe('/mandate/9')
    expect(mandateLink('5(b)(ii)').href).toBe('/mandate/5/b/ii')
    for (const key of PARAGRAPH_KEYS) expect(paragraphAt(mandateLink(key).href.split('/').slice(2))).toBe(key)
    for (const path of [[], ['18'], ['6', 'z'], ['6(b)'], ['6', 'b', 'i'], ['06'], ['6', 'B']]) {
      expect(paragraphAt(path)).toBeNull()
    }
  })
})

describe('the categories', () => {
  it('name only paragraphs that exist', () => {
    const named = [
      ...Object.values(CATEGORY_PARAGRAPH),
      ...Object.values(RELATED_PARAGRAPHS).flat(),
      ...SERVICE_TYPE_PARAGRAPHS.map(({ paragraph }) => paragraph),
    ]
    for (const paragraph of named) expect(PARAGRAPH_KEYS).toContain(paragraph)
    for (const { category, type } of SERVICE_TYPE_PARAGRAPHS) expect(isServiceTypeOf(category, type)).toBe(true)
  })

  it('accept their own types and no other’s', () => {
    expect(categoryWithType.safeParse({ category: 'social', type: 'transport' }).success).toBe(true)
    const wrong = categoryWithType.safeParse({ category: 'legal', type: 'transport' })
    expect(wrong.error?.issues[0]).toMatchObject({ path: ['type'], message: 'mandate.errors.type' })
    expect(categoryWithType.safeParse({ category: 'other', type: 'transport' }).success).toBe(false)
  })
})
