import { readFileSync } from 'node:fs'
import { join } from 'node:path'

import { describe, expect, it } from 'vitest'

import { CATALOGUE } from '@/lib/api/catalogue'
import type { Routes } from '@/lib/api/routes'
import { findSurface, SURFACE } from '@/scripts/docs/surface'
import { MADE_DOCS } from '@/scripts/docs/write-docs'

const root = process.cwd()
const found = findSurface(root)

const routeFileOf = (path: string) =>
  join(root, 'app/api/v1', path.replaceAll('{', '[').replaceAll('}', ']').slice(1), 'route.ts')

describe('the access matrix (T16)', () => {
  it('finds pages, routes and endpoints at all', () => {
    expect(found.entries.length).toBeGreaterThan(10)
    expect(found.api.length).toBeGreaterThan(5)
  })

  it('lists every page, server action and route handler, and nothing that is not there', () => {
    expect([...found.entries].sort()).toEqual(Object.keys(SURFACE).sort())
  })

  it('lists every endpoint of the API, each of which has its route', async () => {
    const paths = [...new Set(CATALOGUE.map(({ path }) => path))]
    const addresses = found.api.map((address) => address.replaceAll('[', '{').replaceAll(']', '}'))
    expect(addresses.sort()).toEqual(paths.sort())
    for (const path of paths) {
      const routes = (await import(routeFileOf(path))) as Routes
      const methods = CATALOGUE.filter((endpoint) => endpoint.path === path).map(({ method }) => method)
      const options = await routes.OPTIONS(new Request('http://localhost/', { method: 'OPTIONS' }), {
        params: Promise.resolve({}),
      })
      const allowed = (options.headers.get('allow') ?? '')
        .split(', ')
        .filter((method) => !['HEAD', 'OPTIONS'].includes(method))
      expect(allowed.sort(), path).toEqual(methods.sort())
      for (const method of methods) {
        const asked = await routes[method](new Request('http://localhost/', { method }), {
          params: Promise.resolve({}),
        })
        expect(asked.status, `${method} ${path}`).toBe(401)
      }
    }
  })

  it('says for every endpoint whom it serves', () => {
    expect(CATALOGUE.filter(({ permission }) => permission === null).map(({ path }) => path)).toEqual([])
  })
})

describe('documents made from the code', () => {
  it.each(Object.keys(MADE_DOCS))('%s is up to date; otherwise run: node scripts/run.mjs docs', (name) => {
    expect(readFileSync(join(root, name), 'utf8')).toBe(MADE_DOCS[name]?.())
  })
})
