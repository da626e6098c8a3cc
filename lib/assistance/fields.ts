import { z } from 'zod'

/**
 * Text that should be a record's code. Whether it is one is for the service to say: a code whose check sign is wrong
 * and one that names nothing get the same answer.
 */
export const recordCode = z.string().trim().min(1, { error: 'assistance.code.required' }).max(64)

/** A day of the calendar, `2026-11-24`. Before 1900 it is a slip of the hand. */
export const calendarDay = z.iso
  .date({ error: 'ui.date.real' })
  .refine((day) => day >= '1900', { error: 'ui.date.early' })

/** The version that the sender saw, from a form or from `If-Match`. */
export const recordVersion = z.coerce.number().int().positive()

/** Why a record is changed or voided, in words. */
export const writtenReason = z
  .string({ error: 'assistance.reason.required' })
  .trim()
  .min(1, { error: 'assistance.reason.required' })
  .max(500, { error: 'assistance.reason.too_long' })

/** Why a text that seems to hold identity stays as it is. */
export const whyItStays = z.string().trim().max(200).optional()
