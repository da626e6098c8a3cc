import { readdirSync } from 'node:fs'
import ts from 'typescript'
import { describe, expect, it } from 'vitest'
import { eachNode, placeOf, sourcesUnder, textsIn, type Source } from '../support/sources'

const screens = sourcesUnder('app', 'components')
const clients = screens.filter(({ text }) => /^['"]use client['"]/.test(text.trimStart()))

/** Attributes that are read out or shown. */
const SPOKEN = new Set([
  'aria-label',
  'aria-description',
  'aria-placeholder',
  'aria-roledescription',
  'alt',
  'label',
  'placeholder',
  'title',
  'summary',
  'submit',
])

describe('screens', () => {
  it('are found at all', () => {
    expect(screens.length).toBeGreaterThan(40)
    expect(clients.length).toBeGreaterThan(10)
  })

  it('hold no text outside the message files', () => {
    expect(screens.flatMap(textsOutsideMessages)).toEqual([])
  })

  it('use no style attribute, so that style-src-attr stays closed (W04)', () => {
    expect(attributesNamed('style')).toEqual([])
  })

  it('insert no HTML of their own making (W04)', () => {
    expect(attributesNamed('dangerouslySetInnerHTML')).toEqual([])
  })

  it('take every colour from the tokens and leave themes to them', () => {
    const foreign =
      /(^|[\s:])dark:|#[0-9a-f]{3,8}\b|\b(rgba?|hsla?|oklch|oklab)\(|\[(color|#)|\b(bg|text|border|fill|stroke|outline)-(white|black|gray|red|blue|green|amber|slate|zinc|neutral|stone)\b/i
    expect(classTexts(foreign)).toEqual([])
  })

  it('know a start and an end, not a left and a right', () => {
    const sided =
      /(^|[\s:])-?(ml|mr|pl|pr|left|right|rounded-(l|r|tl|tr|bl|br)|border-(l|r)|scroll-m[lr]|text-(left|right)|float-(left|right)|clear-(left|right))(-|$|\s)/
    expect(classTexts(sided)).toEqual([])
  })

  it('have no loading file, under which a missing record would answer 200 (T05)', () => {
    const names = readdirSync('app', { recursive: true, encoding: 'utf8' })
    expect(names.filter((name) => /(^|\/)loading\.[jt]sx?$/.test(name))).toEqual([])
  })

  it('say themselves that they are missing, for Next.js leaves that to a script (T05)', () => {
    const pages = screens.filter(({ path }) => path.endsWith('/page.tsx') && !path.startsWith('app/kit'))
    const mayBeMissing = pages.filter(({ text }) =>
      /\b(notFound|requireCase|requireActorWho|personToEdit)\(/.test(text),
    )
    expect(mayBeMissing.length).toBeGreaterThan(40)
    const silent = mayBeMissing.filter(({ text }) => !/titleOrMissing\([^]*export default orMissing\(/.test(text))
    expect(silent.map(({ path }) => path)).toEqual([])
  })

  it('link by a link of ours, which can fetch nothing ahead (L01)', () => {
    expect(screens.filter(({ text }) => text.includes("from 'next/link'")).map(({ path }) => path)).toEqual([])
  })

  it('keep dictionaries, schemas and icons out of the browser', () => {
    const heavy =
      /from '(next-intl|use-intl|zod|lucide-react|iso-639-3|i18n-iso-countries|libphonenumber-js|d3-[\w-]+)[^']*'/
    expect(
      clients.filter(({ text }) => heavy.test(text.replace(/import type [^\n]+/g, ''))).map(({ path }) => path),
    ).toEqual([])
  })

  it('load layers only when they open', () => {
    const eager = clients.filter(
      ({ text, path }) => text.includes("from 'radix-ui'") && path !== 'components/layout/palette.tsx',
    )
    expect(eager.map(({ path }) => path)).toEqual([])
  })
})

function textsOutsideMessages(source: Source): string[] {
  const found: string[] = []
  eachNode(source, (node) => {
    if (ts.isJsxText(node) && saysSomething(node.text)) found.push(`${placeOf(source, node)} ${node.text.trim()}`)
    if (ts.isJsxAttribute(node) && ts.isIdentifier(node.name) && SPOKEN.has(node.name.text)) {
      const value = node.initializer
      if (value !== undefined && ts.isStringLiteral(value) && saysSomething(value.text))
        found.push(`${placeOf(source, node)} ${value.text}`)
    }
    if (ts.isJsxExpression(node) && node.expression !== undefined && !ts.isJsxAttribute(node.parent)) {
      const inner = node.expression
      if (ts.isStringLiteralLike(inner) && saysSomething(inner.text))
        found.push(`${placeOf(source, node)} ${inner.text}`)
    }
  })
  return found
}

/** Marks such as `·`, `/`, `×` and `[c]` say nothing that a language would say differently. */
function saysSomething(text: string): boolean {
  return /\p{L}{2,}/u.test(text)
}

function attributesNamed(name: string): string[] {
  return screens.flatMap((source) => {
    const found: string[] = []
    eachNode(source, (node) => {
      if (ts.isJsxAttribute(node) && ts.isIdentifier(node.name) && node.name.text === name)
        found.push(placeOf(source, node))
    })
    return found
  })
}

function classTexts(forbidden: RegExp): string[] {
  const drawn = screens.filter(({ path }) => !path.endsWith('/route.ts'))
  return drawn.flatMap((source) =>
    textsIn(source)
      .filter(({ text, node }) => forbidden.test(text) && !ts.isImportDeclaration(node.parent) && !isAddress(text))
      .map(({ text, node }) => `${placeOf(source, node)} ${text}`),
  )
}

function isAddress(text: string): boolean {
  return text.startsWith('/') || text.startsWith('#')
}
