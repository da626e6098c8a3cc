import 'server-only'
import { cookies } from 'next/headers'
import { z } from 'zod'

import { settings } from '@/lib/platform/env'

/** Carries one line over one redirect. Not HttpOnly, so that the page can clear it as soon as it has been read. */
export const FLASH_COOKIE = 'flash'

/** A reload without a script within this time shows the line once more; after it the line is gone. */
const SECONDS = 20

const shortText = z.string().max(200)

const flashSchema = z.strictObject({
  /** A message key; the cookie itself holds no sentence. */
  message: shortText,
  /** Codes, numbers and message keys only: no name and no free text ever stands in a flash. */
  values: z.record(z.string().max(40), z.union([shortText, z.number()])).optional(),
  /** Values that are message keys themselves and are translated first: `{ type: 'terms.service.emergency_shelter' }`. */
  terms: z.record(z.string().max(40), shortText).optional(),
  code: z.string().max(20).optional(),
  paragraphs: z.array(z.string().max(12)).max(12).optional(),
  links: z
    .array(z.strictObject({ label: shortText, href: shortText.regex(/^\/(?!\/)/) }))
    .max(3)
    .optional(),
})

/** What happened, shown once under the header of the next page. */
export type Flash = z.infer<typeof flashSchema>

/** Hands a line to the page that comes next. Only actions and route handlers may call this. */
export async function leaveFlash(flash: Flash): Promise<void> {
  const text = Buffer.from(JSON.stringify(flashSchema.parse(flash))).toString('base64url')
  const options = {
    path: '/',
    maxAge: SECONDS,
    sameSite: 'lax',
    httpOnly: false,
    secure: settings.secureCookies,
  } as const
  ;(await cookies()).set(FLASH_COOKIE, text, options)
}

/** The line that the last action left, or null. A cookie that we didn't write reads as none. */
export async function readFlash(): Promise<Flash | null> {
  const text = (await cookies()).get(FLASH_COOKIE)?.value
  if (text === undefined || text.length > 4000) return null
  try {
    const parsed = flashSchema.safeParse(JSON.parse(Buffer.from(text, 'base64url').toString('utf8')))
    return parsed.success ? parsed.data : null
  } catch {
    return null
  }
}
