import type { Locale } from './locale'
import type { Messages } from './messages'

declare module 'next-intl' {
  // Only an interface can be added to.
  // eslint-disable-next-line @typescript-eslint/consistent-type-definitions -- see above
  interface AppConfig {
    Locale: Locale
    Messages: Messages
  }
}
