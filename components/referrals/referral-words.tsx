import { getTranslations } from 'next-intl/server'
import { getFormat } from '@/lib/i18n/get-format'
import type { ReferralTextView } from '@/lib/referrals/schema'

/** What the two sides wrote to each other, the earliest first. */
export async function ReferralWords({ texts }: { readonly texts: readonly ReferralTextView[] }) {
  const t = await getTranslations('referrals')
  const format = await getFormat()
  return (
    <ol className="grid gap-4">
      {texts.map(({ kind, text, at, own }) => (
        <li key={`${kind} ${at}`} className="border-s-4 border-line ps-3">
          <p className="text-note text-ink-2">
            <span className="font-semibold">{t(`text.${kind}`)}</span>
            {' · '}
            {t('record.said', { who: t(own ? 'record.you' : 'record.they'), when: format.moment(new Date(at)) })}
          </p>
          <p dir="auto" className="measure whitespace-pre-line">
            {text}
          </p>
        </li>
      ))}
    </ol>
  )
}
