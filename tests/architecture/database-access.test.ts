import { describe, expect, it } from 'vitest'

import { sourcesUnder } from '../support/sources'

/** What may open the application's connection: the actor's transaction, sign-in, and what runs before anybody acts. */
const MAY_CONNECT = [
  /^lib\/access\//,
  /^lib\/auth\/(?:[a-z]+[-/])?data\.ts$/,
  /^lib\/platform\//,
  /^cli\/installation\.ts$/,
]
/** Raw statements belong to what stores and finds, and to what carries the transaction. */
const MAY_QUERY = [
  /(?:^|[/-])data\.ts$/,
  /^lib\/access\//,
  /^lib\/audit\//,
  /^lib\/people\/sealing\.ts$/,
  /^lib\/platform\/(?:db\/|health\.ts$)/,
]

const sources = sourcesUnder('app', 'components', 'lib', 'cli')

function outside(allowed: readonly RegExp[], pattern: RegExp): string[] {
  return sources
    .filter(({ path, text }) => pattern.test(text) && !allowed.some((one) => one.test(path)))
    .map(({ path }) => path)
}

describe('every path to the database (T08)', () => {
  it('is looked for in all sources', () => {
    expect(sources.length).toBeGreaterThan(300)
    expect(outside([], /from '@\/lib\/platform\/db\/client'/).length).toBeGreaterThan(3)
  })

  it('goes through withActor, or one of the few functions for before there is an actor', () => {
    expect(outside(MAY_CONNECT, /import \{[^}]*\bappClient\b/)).toEqual([])
    expect(outside(MAY_CONNECT, /\bnew PrismaClient\b|\bnew pg\.(?:Pool|Client)\b|from 'postgres'/)).toEqual([])
  })

  it('is a statement written in a data file', () => {
    expect(outside(MAY_QUERY, /\$(?:query|execute)Raw/)).toEqual([])
    expect(outside([], /\$(?:query|execute)RawUnsafe/)).toEqual([])
  })

  it('takes its settings from one place', () => {
    const allowed = [/^lib\/platform\/(?:env|boot\/.*)\.ts$/, /^cli\//, /^app\/.*\.config\.ts$/]
    expect(outside(allowed, /\bprocess\.env\b/)).toEqual([])
  })
})
