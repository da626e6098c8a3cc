import 'server-only'
import { getTranslations } from 'next-intl/server'
import type { Locale } from './locale'

export type MessageValues = Readonly<Record<string, string | number>>

/** Translates keys that are known only at run time: those that schemas and services hand up, such as `people.name.too_long`. */
export type KeyTranslator = {
  readonly has: (key: string) => boolean
  readonly text: (key: string, values?: MessageValues) => string
}

/** A translator for keys that come as data. An unknown key reads as the key, so that it is seen and mended. In the reader's language, or another. */
export async function getKeyTranslator(locale?: Locale): Promise<KeyTranslator> {
  const t = locale === undefined ? await getTranslations() : await getTranslations({ locale })
  type Key = Parameters<typeof t>[0]
  const has = (key: string) => t.has(key as Key)
  return {
    has,
    text: (key, values) => (has(key) ? t(key as Key, values as never) : key),
  }
}
