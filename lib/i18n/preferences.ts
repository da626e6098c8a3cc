import 'server-only'
import { cache } from 'react'
import { cookies, headers } from 'next/headers'
import { currentActor } from '@/lib/auth/require-actor'
import { isLocale, LOCALE_COOKIE, pickLocale, type Locale } from './locale'

export type Preferences = {
  readonly locale: Locale
  readonly theme: 'system' | 'light' | 'dark'
  readonly density: 'comfortable' | 'compact'
  readonly timeZone: string
}

/**
 * How this request's screens look and speak: from the member's profile, and before sign-in
 * from the `lang` cookie or the browser. Without a session cookie nothing is asked of the database.
 */
export const currentPreferences = cache(async (): Promise<Preferences> => {
  const actor = await currentActor()
  if (actor !== null) {
    return {
      locale: actor.locale,
      theme: actor.theme === 'light' || actor.theme === 'dark' ? actor.theme : 'system',
      density: actor.density === 'compact' ? 'compact' : 'comfortable',
      timeZone: actor.timeZone,
    }
  }
  const chosen = (await cookies()).get(LOCALE_COOKIE)?.value
  const locale = isLocale(chosen) ? chosen : pickLocale((await headers()).get('accept-language'))
  return { locale, theme: 'system', density: 'comfortable', timeZone: 'UTC' }
})
