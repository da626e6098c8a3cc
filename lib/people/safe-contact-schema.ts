import { z } from 'zod'

import { language } from './profile-schema'

export const CHANNELS = ['call', 'text', 'chat', 'email', 'letter', 'visit'] as const
export type Channel = (typeof CHANNELS)[number]

const clockTime = z
  .string()
  .trim()
  .regex(/^([01]?\d|2[0-3]):[0-5]\d$/, { error: 'persons.errors.clock_time' })
  .transform((time) => time.padStart(5, '0'))

const yesNo = z.preprocess(
  (given) => (given === 'yes' || given === 'true' ? true : given === 'no' || given === 'false' ? false : given),
  z.boolean({ error: 'people.errors.choose' }),
)

/** Whether a channel is safe, and between which hours of the day; `true` and `false` are short forms. */
const channelInput = z.preprocess(
  (given) => (typeof given === 'boolean' ? { safe: given } : given),
  z
    .strictObject({ safe: yesNo.optional(), from: clockTime.optional(), until: clockTime.optional() })
    .refine(({ from, until }) => (from === undefined) === (until === undefined), {
      path: ['until'],
      error: 'persons.errors.both_times',
    })
    .refine(({ from, until }) => from === undefined || from !== until, {
      path: ['until'],
      error: 'persons.errors.both_times',
    }),
)

const phrase = (longest: number) => z.string().trim().min(1).max(longest)
const phraseItem = z.preprocess(
  (given) => (typeof given === 'string' ? { value: given } : given),
  z.strictObject({ value: phrase(200) }),
)

/** How the person can be reached without harm, as the person says it. */
export const safeContactInput = z
  .strictObject({
    /** There is no safe way: nobody tries. */
    noSafeWay: z.boolean().optional(),
    channels: z
      .strictObject({
        call: channelInput.optional(),
        text: channelInput.optional(),
        chat: channelInput.optional(),
        email: channelInput.optional(),
        letter: channelInput.optional(),
        visit: channelInput.optional(),
      })
      .optional(),
    /** Who else may answer, and what may be said to them. */
    mayAnswer: phrase(300).optional(),
    codeWord: phrase(100).optional(),
    language: language.optional(),
    /** Whom never to contact or tell. */
    neverContact: z.array(phraseItem).max(10).optional(),
    notes: phrase(500).optional(),
  })
  .refine(
    ({ noSafeWay, channels }) => noSafeWay !== true || !Object.values(channels ?? {}).some((one) => one?.safe === true),
    {
      path: ['noSafeWay'],
      error: 'persons.errors.no_safe_way',
    },
  )
export type SafeContactInput = z.output<typeof safeContactInput>

export type ChannelRule = { readonly safe: boolean; readonly from?: string; readonly until?: string }

/** Safe contact as it is sealed. */
export type SafeContactRecord = {
  readonly noSafeWay: boolean
  readonly channels: Readonly<Partial<Record<Channel, ChannelRule>>>
  readonly mayAnswer: string | null
  readonly codeWord: string | null
  readonly language: string | null
  readonly neverContact: readonly string[]
  readonly notes: string | null
}

/** Safe contact as the team sees it; `not_asked` has no rules, `old` has rules older than 90 days. */
export type SafeContactView = SafeContactRecord & {
  readonly state: 'rules' | 'none' | 'not_asked' | 'old'
  /** An instant, as ISO 8601. */
  readonly askedAt: string | null
  readonly version: number
}
