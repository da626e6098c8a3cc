import { z } from 'zod'

/** What in a text could tell who it is about. */
export const IDENTIFYING_KINDS = ['name', 'phone', 'number', 'address', 'email'] as const
export type IdentifyingKind = (typeof IDENTIFYING_KINDS)[number]

/** A field whose text was kept as it was sent although it seems to tell who it is about. */
export const textWarning = z
  .object({ field: z.string(), reason: z.enum(IDENTIFYING_KINDS) })
  .describe('A text that was kept as sent although it seems to tell who it is about')
export type TextWarning = z.infer<typeof textWarning>

/**
 * What becomes of a text that seems to hold identity: whoever sits at a form is asked to rephrase it or to say why it
 * stays; a program, which nobody can ask, is told beside the record that it made.
 */
export type TextCheck = 'ask' | 'warn'
