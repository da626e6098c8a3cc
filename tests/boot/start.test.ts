import { spawn } from 'node:child_process'
import { request } from 'node:http'
import { connect } from 'node:net'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { findServer } from '@/lib/platform/db/embedded/server'
import { distFolder, startApplication, unusedPort } from '@/tests/support/application'
import { amparo, postgresStoppedIn } from '@/tests/support/boot'
import type { Application } from '@/tests/support/application'

let folder: string
let port: number
let running: Application | undefined

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'amparo-boot-'))
  port = await unusedPort()
})

afterAll(async () => {
  await running?.end('SIGTERM')
  await rm(folder, { recursive: true, force: true })
})

async function isUp(at: number): Promise<boolean> {
  return fetch(`http://localhost:${String(at)}/api/health`).then(
    ({ status }) => status === 200,
    () => false,
  )
}

const start = async (): Promise<Application> => (running = await startApplication({ dataDirectory: folder, port }))

describe('the application', () => {
  it('tells its address and how to sign in, and is healthy', async () => {
    const application = await start()
    const health = (await (await fetch(`${application.origin}/api/health`)).json()) as Record<string, unknown>
    expect(health).toMatchObject({ status: 'ok', database: 'ok', migrations: 'ok' })
    expect(application.output()).toContain(`Amparo is ready at ${application.origin}`)
    expect(application.output()).toContain('admin create')
  })

  it('lets a command use its database while it runs', async () => {
    const status = JSON.parse(await amparo(folder, ['status'])) as Record<string, unknown>
    expect(status).toMatchObject({ empty: true, migrations: { pending: [], edited: [] } })
    expect(await postgresStoppedIn(folder)).toBe(false)
  })

  it('starts again after it was killed, on the database that it left running', async () => {
    await running?.end('SIGKILL')
    expect(await postgresStoppedIn(folder)).toBe(false)
    const again = await start()
    expect((await fetch(`${again.origin}/api/health`)).status).toBe(200)
  })

  it('starts again after it and its database were killed', async () => {
    const server = await findServer(join(folder, 'postgres', 'data'))
    await running?.end('SIGKILL')
    if (server !== undefined) process.kill(server.pid, 'SIGKILL')
    const again = await start()
    expect((await fetch(`${again.origin}/api/health`)).status).toBe(200)
  })

  it('serves built files as brotli that browsers may keep', async () => {
    const page = await (await fetch(`${running?.origin ?? ''}/`)).text()
    const script = /\/_next\/static\/[^"]+\.js/.exec(page)?.[0] ?? ''
    const file = await fetch(`${running?.origin ?? ''}${script}`, { headers: { 'accept-encoding': 'br' } })
    expect(file.headers.get('content-encoding')).toBe('br')
    expect(file.headers.get('cache-control')).toBe('public, max-age=31536000, immutable')
    expect((await file.text()).length).toBeGreaterThan(0)
  })

  it('serves nothing from outside its folder of built files', async () => {
    for (const path of ['/_next/static/../BUILD_ID', '/_next/static/%2e%2e/BUILD_ID', '/_next/static/..%2fBUILD_ID']) {
      const status = await new Promise((resolve) => {
        request({ port, host: '127.0.0.1', path }, (response) => {
          resolve(response.statusCode)
        }).end()
      })
      expect(status, path).toBe(404)
    }
  })

  it('W07: refuses to change the protocol of a connection', async () => {
    const answer = await new Promise<string>((resolve) => {
      const socket = connect(port, '127.0.0.1', () => {
        socket.write('GET / HTTP/1.1\r\nHost: localhost\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n')
      })
      socket.once('data', (data) => resolve(data.toString()))
    })
    expect(answer).toMatch(/^HTTP\/1\.1 400 /)
  })

  it('answers only to its own name, but for checks of health', async () => {
    const ask = (path: string) =>
      new Promise((resolve) => {
        request({ port, host: '127.0.0.1', path, headers: { host: 'rebound.example' } }, (response) => {
          resolve(response.statusCode)
        }).end()
      })
    expect(await ask('/')).toBe(421)
    expect(await ask('/api/health')).toBe(200)
  })

  it('R08: finishes what it has begun before it ends, and stops its database', async () => {
    const origin = running?.origin ?? ''
    const asked = Array.from({ length: 20 }, () => fetch(`${origin}/api/health`))
    await Promise.all(asked.slice(0, 1))
    const ended = running?.end('SIGTERM')
    const answers = await Promise.all(asked)
    expect(answers.map((answer) => answer.status)).toEqual(asked.map(() => 200))
    expect(await ended).toBe(0)
    running = undefined
    expect(await postgresStoppedIn(folder)).toBe(true)
  })

  it('ends when npm, which started it, is killed', async () => {
    const environment = { PORT: String(port), AMPARO_DATA_DIR: folder, AMPARO_DIST_DIR: distFolder() }
    const npm = spawn('npm', ['start'], { env: { ...process.env, ...environment }, stdio: 'ignore' })
    await expect.poll(() => isUp(port), { timeout: 60_000 }).toBe(true)
    npm.kill('SIGKILL')
    await expect.poll(() => isUp(port), { timeout: 20_000 }).toBe(false)
    await expect.poll(() => postgresStoppedIn(folder), { timeout: 20_000 }).toBe(true)
  })

  it('lets a command start the database by itself and stops it afterwards', async () => {
    expect(JSON.parse(await amparo(folder, ['status']))).toMatchObject({ dataDirectory: folder })
    expect(await postgresStoppedIn(folder)).toBe(true)
  })
})
