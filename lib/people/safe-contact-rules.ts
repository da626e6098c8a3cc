import {
  CHANNELS,
  type Channel,
  type ChannelRule,
  type SafeContactInput,
  type SafeContactRecord,
  type SafeContactView,
} from './safe-contact-schema'

const OLD_AFTER_DAYS = 90
const DAY_MS = 24 * 60 * 60 * 1000

/** Why a channel must not be used now. */
export type ChannelRefusal = 'not_asked' | 'no_safe_way' | 'unsafe' | 'outside_hours'
export type ChannelAnswer = { readonly allowed: true } | { readonly allowed: false; readonly why: ChannelRefusal }

/**
 * Whether something may be sent to a person, or a person called, over this channel at this moment. Only a channel that
 * the person called safe may be used, and only within its hours, which are told in the person's `timeZone`. Hours that
 * end before they begin run over midnight; the end itself is outside.
 */
export function mayUseChannel(
  safeContact: SafeContactRecord | null,
  channel: Channel,
  at: Date,
  timeZone: string,
): ChannelAnswer {
  if (safeContact === null) return { allowed: false, why: 'not_asked' }
  if (safeContact.noSafeWay) return { allowed: false, why: 'no_safe_way' }
  const rule = safeContact.channels[channel]
  if (rule === undefined) return { allowed: false, why: 'not_asked' }
  if (!rule.safe) return { allowed: false, why: 'unsafe' }
  return isWithinHours(rule, at, timeZone) ? { allowed: true } : { allowed: false, why: 'outside_hours' }
}

function isWithinHours({ from, until }: ChannelRule, at: Date, timeZone: string): boolean {
  if (from === undefined || until === undefined) return true
  const clock = new Intl.DateTimeFormat('en-GB', { hour: '2-digit', minute: '2-digit', hourCycle: 'h23', timeZone })
  const time = clock.format(at)
  return from < until ? time >= from && time < until : time >= from || time < until
}

/** The record that an answer makes, or null when nothing was answered: then it was not asked. */
export function safeContactRecord(input: SafeContactInput): SafeContactRecord | null {
  const channels: Partial<Record<Channel, ChannelRule>> = {}
  for (const channel of CHANNELS) {
    const given = input.channels?.[channel]
    if (given?.safe === undefined) continue
    const hours = given.from === undefined || given.until === undefined ? {} : { from: given.from, until: given.until }
    channels[channel] = { safe: given.safe, ...(given.safe ? hours : {}) }
  }
  const record: SafeContactRecord = {
    noSafeWay: input.noSafeWay ?? false,
    channels,
    mayAnswer: input.mayAnswer ?? null,
    codeWord: input.codeWord ?? null,
    language: input.language ?? null,
    neverContact: (input.neverContact ?? []).map(({ value }) => value),
    notes: input.notes ?? null,
  }
  return isBlank(record) ? null : record
}

function isBlank({ noSafeWay, channels, neverContact, ...texts }: SafeContactRecord): boolean {
  return (
    !noSafeWay &&
    Object.keys(channels).length === 0 &&
    neverContact.length === 0 &&
    Object.values(texts).every((text) => text === null)
  )
}

/** Nothing was answered. */
export const NOT_ASKED: SafeContactRecord = {
  noSafeWay: false,
  channels: {},
  mayAnswer: null,
  codeWord: null,
  language: null,
  neverContact: [],
  notes: null,
}

/** Safe contact as the team sees it at a moment: rules grow old after 90 days. */
export function safeContactView(
  stored: { readonly record: SafeContactRecord; readonly writtenAt: Date; readonly version: number } | null,
  now: Date,
): SafeContactView {
  if (stored === null) return { ...NOT_ASKED, state: 'not_asked', askedAt: null, version: 0 }
  if (isBlank(stored.record)) return { ...NOT_ASKED, state: 'not_asked', askedAt: null, version: stored.version }
  const isOld = now.getTime() - stored.writtenAt.getTime() > OLD_AFTER_DAYS * DAY_MS
  return {
    ...stored.record,
    state: stored.record.noSafeWay ? 'none' : isOld ? 'old' : 'rules',
    askedAt: stored.writtenAt.toISOString(),
    version: stored.version,
  }
}
