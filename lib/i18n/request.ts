import { getRequestConfig } from 'next-intl/server'
import { messagesOf } from './messages'
import { currentPreferences } from './preferences'

/** next-intl without a language in the address: it comes from the profile, or before sign-in from cookie and browser. */
export default getRequestConfig(async () => {
  const { locale, timeZone } = await currentPreferences()
  return { locale, timeZone, messages: messagesOf(locale) }
})
