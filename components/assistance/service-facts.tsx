import { getTranslations } from 'next-intl/server'
import { Facts, type Fact } from '@/components/ui/facts'
import type { ServiceDetailView, ServiceLine, ServiceView } from '@/lib/assistance/services/schema'
import { getFormat } from '@/lib/i18n/get-format'
import { typeNames } from './category-choices'

/** How a service was given: what was entered, and nothing for what wasn't. */
export async function ServiceDetailFacts({ detail }: { readonly detail: ServiceDetailView }) {
  const t = await getTranslations('assistance.service')
  const facts = await detailFacts(detail)
  return facts.length === 0 ? (
    <p className="text-ink-2">{t('record.no_detail')}</p>
  ) : (
    <Facts facts={facts} columns={2} />
  )
}

/** Everything coded that a service said before a change. */
export async function ServiceLineFacts({ line }: { readonly line: ServiceLine }) {
  const t = await getTranslations('assistance.service')
  const name = await typeNames()
  const facts: readonly Fact[] = [
    { label: t('list.what'), value: name(line.category, line.type) },
    { label: t('record.when'), value: await periodText(line) },
    { label: t('record.status'), value: t(`status.${line.status}`) },
    ...(line.need === null ? [] : [{ label: t('record.need'), value: line.need }]),
    ...(await detailFacts(line.detail)),
  ]
  return <Facts facts={facts} columns={2} />
}

/** A day, or the first and the last of a period. */
export async function periodText({
  deliveredOn,
  endedOn,
}: Pick<ServiceView, 'deliveredOn' | 'endedOn'>): Promise<string> {
  const t = await getTranslations('assistance.service.list')
  const format = await getFormat()
  const from = format.day(deliveredOn, 'weekday')
  return endedOn === null ? from : t('period', { from, to: format.day(endedOn, 'weekday') })
}

async function detailFacts(detail: ServiceDetailView): Promise<readonly Fact[]> {
  const t = await getTranslations('assistance.service')
  const format = await getFormat()
  const { mode, placeKind, minutes, interpreterUsed, interpreterLanguage, amount, currency, origin, outcome } = detail
  const fact = (label: string, value: string | null): readonly Fact[] => (value === null ? [] : [{ label, value }])
  const interpreter =
    interpreterLanguage !== null
      ? format.language(interpreterLanguage)
      : interpreterUsed === null
        ? null
        : t(interpreterUsed ? 'record.yes' : 'record.interpreter_none')
  return [
    ...fact(t('mode.label'), mode === null ? null : t(`mode.${mode}`)),
    ...fact(t('place.label'), placeKind === null ? null : t(`place.${placeKind}`)),
    ...fact(t('minutes.label'), minutes === null ? null : t('minutes.value', { count: minutes })),
    ...fact(t('interpreter'), interpreter),
    ...fact(
      t('adaptations.label'),
      detail.adaptations.length === 0 ? null : format.list(detail.adaptations.map((what) => t(`adaptations.${what}`))),
    ),
    ...fact(t('amount.label'), amount === null || currency === null ? null : format.money(Number(amount), currency)),
    ...fact(t('origin.label'), origin === null ? null : t(`origin.${origin}`)),
    ...fact(t('outcome.label'), outcome === null ? null : t(`outcome.${outcome}`)),
    ...fact(t('proceedings.label'), detail.proceedings ? t('record.yes') : null),
  ]
}
