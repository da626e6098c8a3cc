import 'server-only'
import { createTranslator } from 'use-intl/core'
import { z } from 'zod'

import { openResetRequest } from '@/lib/access/reset-request'
import chinese from '@/lib/i18n/messages/zh-Hans/auth.json'
import english from '@/lib/i18n/messages/en/auth.json'
import { digestOf, newSecret } from '@/lib/platform/crypto/opaque-secrets'
import { settings } from '@/lib/platform/env'
import { newId } from '@/lib/platform/ids'
import type { QueueHandler } from '@/lib/platform/jobs/queue'
import { sendMail } from '@/lib/platform/mail/mail'

import { deleteResetRequest, findResetRequest, insertReset } from './reset-mail-data'

const payload = z.object({ request: z.uuid() })

/**
 * Sees to one request for a new password: makes the link and sends it, where somebody active has the address. The
 * secret of the link stands in the mail and nowhere else; when sending fails, the next try makes another.
 */
export async function sendReset(request: string): Promise<void> {
  const sealed = await findResetRequest(request)
  if (sealed === null) return
  const secret = newSecret()
  const recipient = await insertReset(request, openResetRequest(request, sealed), digestOf(secret))
  if (recipient !== null) {
    const isChinese = recipient.locale === 'zh-Hans'
    const t = createTranslator({
      locale: isChinese ? 'zh-Hans' : 'en',
      messages: isChinese ? chinese : english,
      namespace: 'reset.mail',
    })
    const link = `${settings.publicOrigin}/reset/open?token=${secret}`
    await sendMail({
      id: newId(),
      to: recipient.email,
      language: recipient.locale,
      subject: t('subject'),
      text: [t('text'), '', link, '', t('otherwise'), ''].join('\n'),
    })
  }
  await deleteResetRequest(request)
}

/** The queues of this part. */
export const RESET_QUEUES: readonly QueueHandler[] = [
  { queue: 'password-reset', handle: (data) => sendReset(payload.parse(data).request) },
]
