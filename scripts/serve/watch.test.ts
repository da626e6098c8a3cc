import { EventEmitter } from 'node:events'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import { register } from 'prom-client'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'

import { routeNames } from './routes.mjs'
import { createWatch } from './watch.mjs'

const MARKER = 'Quillon'
let folder: string
let nameOf: (url: string | undefined) => string

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'amparo-routes-'))
  const manifest = {
    staticRoutes: [{ page: '/cases', regex: '^/cases(?:/)?$' }],
    dynamicRoutes: [{ page: '/cases/[code]', regex: '^/cases/([^/]+?)(?:/)?$' }],
  }
  await writeFile(join(folder, 'routes-manifest.json'), JSON.stringify(manifest))
  nameOf = await routeNames(folder)
})
afterAll(() => rm(folder, { recursive: true }))

/** Answers one request and returns what was logged and how the pages find the request named. */
function answered(request: { method?: string; url?: string; headers?: Record<string, string> }, status = 200) {
  const lines: string[] = []
  const watch = createWatch({ nameOf, write: (line) => lines.push(line) })
  const incoming = { method: 'GET', url: '/cases', headers: {}, ...request } as unknown as IncomingMessage
  const response = Object.assign(new EventEmitter(), { statusCode: status, writableFinished: true })
  watch.begin(incoming, response as unknown as ServerResponse)
  response.emit('close')
  return { line: lines.join(''), named: incoming.headers['x-amparo-request'] }
}

describe('an address', () => {
  it('is named by its page, never by what stands in it', () => {
    expect(nameOf('/cases?q=x')).toBe('/cases')
    expect(nameOf('/cases/CAS-000000000')).toBe('/cases/[code]')
    expect(nameOf(`/${MARKER}`)).toBe('(none)')
  })

  it('has one name where nothing was built', async () => {
    expect((await routeNames(join(folder, 'nowhere')))('/cases')).toBe('(none)')
  })
})

describe('a request', () => {
  it('is one line with an id, the page, the status and the time', () => {
    const { line, named } = answered({ url: '/cases/CAS-000000000', method: 'POST' }, 303)
    expect(JSON.parse(line)).toMatchObject({ requestId: named, method: 'POST', route: '/cases/[code]', status: 303 })
    expect(line.endsWith('}\n')).toBe(true)
  })

  it('L06: leaves nothing of what its sender wrote in the log, in any part of it', () => {
    const marked = {
      url: `/persons/${MARKER}?name=${MARKER}`,
      method: MARKER,
      headers: {
        'x-amparo-request': MARKER,
        'x-request-id': MARKER,
        'user-agent': MARKER,
        cookie: MARKER,
        referer: MARKER,
      },
    }
    const { line, named } = answered(marked)
    expect(line).not.toContain(MARKER)
    expect(named).toMatch(/^[0-9a-f-]{36}$/)
  })

  it('of a check of health is logged only when it fails', async () => {
    const health = await mkdtemp(join(tmpdir(), 'amparo-routes-'))
    await writeFile(
      join(health, 'routes-manifest.json'),
      '{"staticRoutes":[{"page":"/api/health","regex":"^/api/health$"}]}',
    )
    const before = nameOf
    nameOf = await routeNames(health)
    expect(answered({ url: '/api/health' }).line).toBe('')
    expect(answered({ url: '/api/health' }, 503).line).toContain('/api/health')
    nameOf = before
    await rm(health, { recursive: true })
  })

  it('L06: is counted without anything of what its sender wrote', async () => {
    answered({ url: `/cases/${MARKER}`, method: MARKER })
    const text = await register.metrics()
    expect(text).toMatch(/amparo_http_requests_total\{route="\/cases\/\[code\]",method="other",status="200"\} [1-9]/)
    expect(text).not.toContain(MARKER)
  })
})
