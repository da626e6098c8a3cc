import { getRequestConfig } from 'next-intl/server'
import { isLocale } from './locale'
import { messagesOf } from './messages'
import { currentPreferences } from './preferences'

/**
 * next-intl without a language in the address: it comes from the profile, or before sign-in from cookie and browser. What
 * is printed for a person names its own.
 */
export default getRequestConfig(async ({ locale: named }) => {
  const { locale, timeZone } = await currentPreferences()
  const spoken = isLocale(named) ? named : locale
  return { locale: spoken, timeZone, messages: messagesOf(spoken) }
})
