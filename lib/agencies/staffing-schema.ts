import { z } from 'zod'

const memberCode = (error: string) => z.string({ error }).min(1, { error }).max(64)

/** A clock as people type it, `8:00` or `20.30`, as `HH:MM`. */
const clock = z
  .string({ error: 'staffing.time.required' })
  .trim()
  .regex(/^([01]?\d|2[0-3])[:.：][0-5]\d$/, { error: 'staffing.time.not_valid' })
  .transform((text) => text.replace(/[.：]/, ':').padStart(5, '0'))

const day = z.iso
  .date({ error: 'staffing.day.required' })
  .refine((typed) => typed >= '1900', { error: 'ui.date.early' })

/** From when until when, in the agency's own time. Without a beginning it begins now. */
const span = {
  fromOn: day.optional(),
  fromTime: clock.optional(),
  untilOn: day,
  untilTime: clock,
} as const

export const setCoverInput = z.strictObject({
  unit: z.string({ error: 'staffing.unit.required' }).min(1, { error: 'staffing.unit.required' }).max(64),
  member: memberCode('staffing.member.required'),
  ...span,
})
export type SetCoverInput = z.infer<typeof setCoverInput>

export const setAbsenceInput = z.strictObject({
  member: memberCode('staffing.member.required'),
  standIn: memberCode('staffing.stand_in.required'),
  ...span,
})
export type SetAbsenceInput = z.infer<typeof setAbsenceInput>

export const setOwnAbsenceInput = setAbsenceInput.omit({ member: true })
export type SetOwnAbsenceInput = z.infer<typeof setOwnAbsenceInput>

export type SpanInput = Pick<SetCoverInput, 'fromOn' | 'fromTime' | 'untilOn' | 'untilTime'>

export const coverInput = z.strictObject({ cover: z.string().max(64) })
export type CoverInput = z.infer<typeof coverInput>

export const absenceInput = z.strictObject({ absence: z.string().max(64) })
export type AbsenceInput = z.infer<typeof absenceInput>

type Spanned = {
  readonly code: string
  readonly startsAt: Date
  readonly endsAt: Date
  /** Whether it holds now, or begins later. */
  readonly isNow: boolean
}

/** Duty cover that holds or is to come. */
export type CoverView = Spanned & { readonly unit: string; readonly name: string }

/** An absence that holds or is to come, and who stands in. */
export type AbsenceView = Spanned & {
  readonly member: string
  readonly name: string
  readonly standIn: string
  readonly isOwn: boolean
}

/** A colleague who works on cases. */
export type ColleagueView = { readonly code: string; readonly name: string; readonly unit: string | null }

export type CoverFormView = {
  readonly units: readonly { readonly code: string; readonly name: string }[]
  readonly colleagues: readonly ColleagueView[]
  readonly today: string
  readonly tomorrow: string
}

export type AbsenceFormView = {
  /** Whom the actor may say it of: themselves, or the members of their unit. */
  readonly members: readonly ColleagueView[]
  readonly standIns: readonly ColleagueView[]
  readonly today: string
  readonly tomorrow: string
}

/** For whom a member works beside their own cases at this moment, and until when. */
export type OwnPlaceView =
  | { readonly kind: 'cover'; readonly unit: string; readonly unitCode: string; readonly until: string }
  | { readonly kind: 'stand_in'; readonly name: string; readonly memberId: string; readonly until: string }
