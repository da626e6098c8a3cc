import { z } from 'zod'

/** Long enough that nobody guesses it although the file may be tried for years. */
const SHORTEST = 15

export const prepareExportInput = z
  .object({
    passphrase: z.string().min(SHORTEST, 'export.passphrase.too_short').max(256, 'export.passphrase.too_long'),
    again: z.string().max(256),
  })
  .refine(({ passphrase, again }) => passphrase === again, { path: ['again'], message: 'export.again.differs' })

export type PrepareExportInput = z.infer<typeof prepareExportInput>

/** What the page of exports shows: until when the one that was prepared can be fetched. */
export type ExportView = { readonly readyUntil: Date | null; readonly agencyKey: string }
