import { createTranslator } from 'use-intl/core'

import english from '@/lib/i18n/messages/en/notifications.json'
import chinese from '@/lib/i18n/messages/zh-Hans/notifications.json'

import { pageOfSubject } from './rules'
import { nameOfKind } from './schema'

export type MailedNotice = {
  readonly kind: string
  readonly subject: string | null
  readonly urgent: boolean
  readonly locale: string
  readonly productName: string | null
}

const PRODUCT = 'Amparo'

/**
 * The words of a notice's mail: the kind and a code (requirement W10, trap T9). The subject line says nothing at all,
 * for it shows on locked screens.
 */
export function mailText(notice: MailedNotice, origin: string): { readonly subject: string; readonly text: string } {
  const chineseReader = notice.locale === 'zh-Hans'
  const t = createTranslator({
    locale: chineseReader ? 'zh-Hans' : 'en',
    messages: { notifications: chineseReader ? chinese : english },
  }) as unknown as (key: string, values?: Record<string, string>) => string
  const product = notice.productName ?? PRODUCT
  const what = t(`notifications.kinds.${nameOfKind(notice.kind)}`)
  const lines = [
    notice.subject === null ? what : t('notifications.mail.about', { what, code: notice.subject }),
    '',
    t('notifications.mail.open'),
    `${origin}${pageOfSubject(notice.subject) ?? '/inbox'}`,
    '',
    t('notifications.mail.why', { product }),
    `${origin}/profile/notices`,
    '',
  ]
  return {
    subject: t(notice.urgent ? 'notifications.mail.subject_urgent' : 'notifications.mail.subject', { product }),
    text: lines.join('\n'),
  }
}
