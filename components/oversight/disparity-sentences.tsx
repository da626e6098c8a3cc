import { getTranslations } from 'next-intl/server'
import { Notice } from '@/components/ui/notice'
import { getFormat } from '@/lib/i18n/get-format'
import type { DisparityView, Group, GroupComparison } from '@/lib/oversight/disparities/schema'
import { sentencesOf } from './disparity-sayings'
import type { DisparityWords } from './disparity-words'

type Props = { readonly view: DisparityView; readonly words: DisparityWords }

/** What the figures say, in sentences. */
export async function DisparitySentences({ view, words }: Props) {
  const t = await getTranslations('disparities.say')
  const format = await getFormat()
  if (view.outcome === 'turned_away') {
    const largest = view.groups.reduce<Group | null>(
      (most, one) => ((one.rate ?? 0) > (most?.rate ?? 0) ? one : most),
      null,
    )
    if (largest === null) return <p>{t('few')}</p>
    return <p>{t('shares', { group: words.group(largest.group), share: format.percent(largest.rate ?? 0) })}</p>
  }
  const distanceOf = await distances()
  const told = view.comparisons.flatMap((one) => sentencesOf(one))
  if (view.comparisons.length === 0) return <p>{t('few')}</p>
  if (told.length === 0) return <p>{t('none')}</p>
  return (
    <ul className="grid gap-2">
      {told.map(({ key, says, one }) => (
        <li key={key}>
          <Notice tone={says === 'worse' || says === 'appears' || says === 'turned' ? 'warn' : 'info'}>
            {t(says, {
              group: words.group(one.group),
              reference: words.group(one.reference),
              adjusters: words.adjusters,
              ratio: distanceOf(one),
            })}
          </Notice>
        </li>
      ))}
    </ul>
  )
}

/** How far apart they are: the ratio, or where nobody of one of them had it, how many points. */
async function distances() {
  const t = await getTranslations('disparities')
  const format = await getFormat()
  return ({ mantelHaenszel, riskRatio, riskDifference }: GroupComparison) => {
    const ratio = mantelHaenszel?.riskRatio ?? riskRatio
    if (ratio !== null) return ratio.estimate.toFixed(2)
    return t('points', { value: format.number(Math.round((riskDifference?.estimate ?? 0) * 100)) })
  }
}
