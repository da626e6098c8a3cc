import { EventEmitter } from 'node:events'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { createGate } from '@/scripts/serve/gate.mjs'
import type { IncomingMessage, ServerResponse } from 'node:http'

/** A response that remembers what it was told and can be closed. */
function exchange(url = '/cases') {
  const told: { status?: number; headers?: Record<string, string>; body?: string } = {}
  const response = Object.assign(new EventEmitter(), {
    writeHead(status: number, headers: Record<string, string>) {
      Object.assign(told, { status, headers })
      return response
    },
    end(body: string) {
      told.body = body
    },
  })
  return { request: { url } as unknown as IncomingMessage, response: response as unknown as ServerResponse, told }
}

describe('the gate of the server (R07)', () => {
  beforeEach(() => void vi.useFakeTimers())
  afterEach(() => void vi.useRealTimers())

  it('lets in as many as it holds and tells the next when to come again', () => {
    const gate = createGate(2)
    const [first, second, third] = [exchange(), exchange(), exchange()]
    expect(gate.enter(first.request, first.response)).toBe(true)
    expect(gate.enter(second.request, second.response)).toBe(true)
    expect(gate.enter(third.request, third.response)).toBe(false)
    vi.runAllTimers()
    expect(third.told).toMatchObject({ status: 503, headers: { 'retry-after': '2', 'cache-control': 'no-store' } })
  })

  it('lets whoever is turned away wait for their answer, and answers nobody who has gone', () => {
    const gate = createGate(0)
    const [patient, gone] = [exchange(), exchange()]
    gate.enter(patient.request, patient.response)
    gate.enter(gone.request, gone.response)
    expect(patient.told.status).toBeUndefined()
    gone.response.emit('close')
    vi.runAllTimers()
    expect(patient.told.status).toBe(503)
    expect(gone.told.status).toBeUndefined()
  })

  it('lets the next one in when somebody has left', () => {
    const gate = createGate(1)
    const [first, second] = [exchange(), exchange()]
    gate.enter(first.request, first.response)
    first.response.emit('close')
    expect(gate.enter(second.request, second.response)).toBe(true)
  })

  it('answers the API in its own form and never turns health away', () => {
    const gate = createGate(0)
    const api = exchange('/api/v1/cases')
    expect(gate.enter(api.request, api.response)).toBe(false)
    vi.runAllTimers()
    expect(JSON.parse(api.told.body ?? '')).toMatchObject({ type: '/problems/unavailable', status: 503 })
    const health = exchange('/api/health?probe=live')
    expect(gate.enter(health.request, health.response)).toBe(true)
  })

  it('tells when it is empty', async () => {
    const gate = createGate(1)
    const only = exchange()
    gate.enter(only.request, only.response)
    let empty = false
    const waiting = gate.empty().then(() => (empty = true))
    expect(empty).toBe(false)
    only.response.emit('close')
    await waiting
    expect(empty).toBe(true)
  })
})
