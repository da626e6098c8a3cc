import { getTranslations } from 'next-intl/server'
import { getFormat } from '@/lib/i18n/get-format'
import type { DeskActView } from '@/lib/referrals/desk/acts-schema'

/** What the coordinator did about a referral, the latest first. */
export async function DeskActs({ acts }: { readonly acts: readonly DeskActView[] }) {
  const t = await getTranslations('desk')
  const format = await getFormat()
  if (acts.length === 0) return <p className="text-ink-2">{t('acts.none')}</p>
  return (
    <ul className="grid">
      {acts.map(({ kind, words, at }, index) => (
        <li key={index} className="border-b border-line py-2">
          {kind === 'asked' ? t('acts.asked', { words: words === null ? '' : t(`words.${words}`) }) : t(`acts.${kind}`)}
          <span className="block text-note text-ink-2">{format.moment(new Date(at))}</span>
        </li>
      ))}
    </ul>
  )
}
