import 'server-only'
import { cache } from 'react'
import { formatFor, type Format } from './format'
import { currentPreferences } from './preferences'

/** The writers for dates, numbers and names in the language and the zone of whoever asks. */
export const getFormat = cache(async (): Promise<Format> => {
  const { locale, timeZone } = await currentPreferences()
  return formatFor(locale, timeZone)
})
