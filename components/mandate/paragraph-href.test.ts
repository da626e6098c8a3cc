import { describe, expect, it } from 'vitest'
import { mandateLink, PARAGRAPH_KEYS } from '@/lib/mandate/rules'
import { paragraphHref } from './paragraph-href'

describe('the address on a paragraph’s chip', () => {
  it.each(PARAGRAPH_KEYS)('leads from %s to the page that the resolution has for it', (paragraph) => {
    expect(paragraphHref(paragraph)).toBe(mandateLink(paragraph).href)
  })
})
