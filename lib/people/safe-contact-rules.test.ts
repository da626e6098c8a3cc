import { describe, expect, it } from 'vitest'

import { mayUseChannel, NOT_ASKED, safeContactRecord, safeContactView } from './safe-contact-rules'
import { CHANNELS, safeContactInput, type SafeContactRecord } from './safe-contact-schema'

const ZONE = 'Europe/Vienna'
/** 24 November, an hour ahead of UTC in Vienna. */
const at = (utc: string) => new Date(`2026-11-24T${utc}:00Z`)

function asked(given: unknown): SafeContactRecord {
  const record = safeContactRecord(safeContactInput.parse(given))
  if (record === null) throw new Error('Nothing was answered')
  return record
}

describe('sending something over a channel', () => {
  it('is refused on every channel while nothing was asked', () => {
    for (const channel of CHANNELS)
      expect(mayUseChannel(null, channel, at('12:00'), ZONE)).toEqual({ allowed: false, why: 'not_asked' })
  })

  it('is refused on every channel when there is no safe way', () => {
    const record = asked({ noSafeWay: true })
    for (const channel of CHANNELS)
      expect(mayUseChannel(record, channel, at('12:00'), ZONE)).toEqual({ allowed: false, why: 'no_safe_way' })
  })

  it('is refused on an unsafe channel and on one that nobody asked about, and allowed on a safe one', () => {
    const record = asked({ channels: { call: false, text: true } })
    expect(mayUseChannel(record, 'call', at('12:00'), ZONE)).toEqual({ allowed: false, why: 'unsafe' })
    expect(mayUseChannel(record, 'email', at('12:00'), ZONE)).toEqual({ allowed: false, why: 'not_asked' })
    expect(mayUseChannel(record, 'text', at('03:00'), ZONE)).toEqual({ allowed: true })
  })

  it.each([
    ['08:59', false],
    ['09:00', true],
    ['12:59', true],
    ['13:00', false],
  ])('keeps to the hours of the day where the person is: at %s UTC for 10:00 to 14:00 in Vienna', (utc, allowed) => {
    const record = asked({ channels: { text: { safe: true, from: '10:00', until: '14:00' } } })
    expect(mayUseChannel(record, 'text', at(utc), ZONE).allowed).toBe(allowed)
  })

  it.each([
    ['20:59', false],
    ['21:00', true],
    ['23:30', true],
    ['00:59', true],
    ['01:00', false],
  ])('takes hours that end before they begin over midnight: at %s UTC for 22:00 to 02:00', (utc, allowed) => {
    const record = asked({ channels: { call: { safe: 'yes', from: '22:00', until: '2:00' } } })
    expect(mayUseChannel(record, 'call', at(utc), ZONE).allowed).toBe(allowed)
  })
})

describe('safe contact', () => {
  it('counts as not asked when nothing was answered', () => {
    const empty = {
      channels: { call: {}, text: { from: '10:00', until: '12:00' } },
      neverContact: [],
      noSafeWay: false,
    }
    expect(safeContactRecord(safeContactInput.parse(empty))).toBeNull()
    expect(safeContactView(null, at('12:00')).state).toBe('not_asked')
    const stored = { record: NOT_ASKED, writtenAt: at('12:00'), version: 3 }
    expect(safeContactView(stored, at('12:00'))).toMatchObject({ state: 'not_asked', version: 3 })
  })

  it('grows old after 90 days, but no safe way stays no safe way', () => {
    const writtenAt = new Date('2026-08-26T12:00:00Z')
    const rules = { record: asked({ channels: { call: true } }), writtenAt, version: 1 }
    expect(safeContactView(rules, at('12:00')).state).toBe('rules')
    expect(safeContactView(rules, at('12:01')).state).toBe('old')
    expect(safeContactView({ ...rules, record: asked({ noSafeWay: true }) }, at('12:01')).state).toBe('none')
  })

  it.each([
    [{ noSafeWay: true, channels: { call: true } }, 'noSafeWay'],
    [{ channels: { call: { safe: true, from: '10:00' } } }, 'channels.call.until'],
    [{ channels: { call: { safe: true, from: '10:00', until: '10:00' } } }, 'channels.call.until'],
    [{ channels: { call: { safe: true, from: '25:00', until: '10:00' } } }, 'channels.call.from'],
    [{ channels: { pigeon: true } }, 'channels'],
  ])('refuses what contradicts itself: %j', (given, path) => {
    const parsed = safeContactInput.safeParse(given)
    expect(parsed.error?.issues.map((issue) => issue.path.join('.'))).toEqual([path])
  })
})
