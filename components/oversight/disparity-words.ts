import { getTranslations } from 'next-intl/server'
import { getFormat } from '@/lib/i18n/get-format'
import type { DisparityView, GroupComparison } from '@/lib/oversight/disparities/schema'
import { groupWords } from './group-words'

/** A chance below this is called a difference. */
export const LEVEL = 0.05

export type DisparityWords = {
  readonly title: string
  readonly period: string
  readonly scope: string
  readonly adjusters: string
  readonly group: (level: string) => string
}

/** The names of a question in the language of the screen. */
export async function disparityWords(view: DisparityView): Promise<DisparityWords> {
  const t = await getTranslations('disparities')
  const categories = await getTranslations('mandate.categories')
  const format = await getFormat()
  const where = [
    ...(view.category === null ? [] : [categories(view.category)]),
    ...(view.agencyName === null ? [] : [view.agencyName]),
  ]
  return {
    title: t('of', { outcome: t(`outcome.${view.outcome}`), ground: t(`ground.${view.ground}`) }),
    period: view.period,
    scope: where.length === 0 ? t('network') : format.list(where),
    adjusters: format.list(view.adjustFor.map((one) => t(`adjuster.${one}`))),
    group: await groupWords(view.ground),
  }
}

/** A ratio with its interval. */
export function ratioText(ratio: GroupComparison['riskRatio']): string {
  return ratio === null ? '—' : `${ratio.estimate.toFixed(2)} (${ratio.ci[0].toFixed(2)}–${ratio.ci[1].toFixed(2)})`
}
