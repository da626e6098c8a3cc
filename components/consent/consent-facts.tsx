import { getTranslations } from 'next-intl/server'
import { Facts, type Fact } from '@/components/ui/facts'
import type { ConsentView } from '@/lib/consent/schema'
import { getFormat } from '@/lib/i18n/get-format'
import { categoryWords, receiverWords, untilWords } from './consent-words'

/** Everything that an answer says, in the order in which it was asked. */
export async function ConsentFacts({ consent }: { readonly consent: ConsentView }) {
  return (
    <Facts
      facts={[
        ...(await whatFor(consent)),
        ...(await keptBack(consent)),
        ...(await howSaid(consent)),
        ...(await ofChild(consent)),
      ]}
    />
  )
}

async function whatFor(consent: ConsentView): Promise<readonly Fact[]> {
  const t = await getTranslations('consents')
  const purposes = await getTranslations('networks.purpose')
  const format = await getFormat()
  const isGiven = consent.answer === 'given'
  return [
    { label: t('answer_label'), value: t(`answer.${consent.answer}`) },
    { label: t('purpose'), value: purposes(consent.purpose) },
    { label: t('to'), value: await receiverWords(consent) },
    { label: t('categories'), value: await categoryWords(consent.categories) },
    ...(isGiven ? [{ label: t('identity_label'), value: t(`identity.${consent.identity}`) }] : []),
    { label: t('starts_on'), value: format.day(consent.startsOn, 'long') },
    ...(isGiven ? [{ label: t('ends_on'), value: await untilWords(consent) }] : []),
  ]
}

async function keptBack({ withheld, withheldWhy }: ConsentView): Promise<readonly Fact[]> {
  if (withheld.length === 0) return []
  const t = await getTranslations('consents')
  const format = await getFormat()
  return [
    { label: t('withheld'), value: format.list(withheld.map((key) => t(`fields.${key}`))) },
    ...(withheldWhy === null ? [] : [{ label: t('withheld_why'), value: t(`withheld_reason.${withheldWhy}`) }]),
  ]
}

async function howSaid(consent: ConsentView): Promise<readonly Fact[]> {
  const t = await getTranslations('consents')
  const format = await getFormat()
  return [
    { label: t('given_by_label'), value: t(`given_by.${consent.givenBy}`) },
    {
      label: t('method_label'),
      value: format.list([
        t(`method.${consent.method}`),
        ...(consent.interpreter && consent.method !== 'interpreter' ? [t('with_interpreter')] : []),
      ]),
    },
    ...(consent.language === null ? [] : [{ label: t('language'), value: format.language(consent.language) }]),
    {
      label: t('explained'),
      value:
        consent.explained.length === 0
          ? t('explained_nothing')
          : format.list(consent.explained.map((point) => t(`point.${point}`))),
    },
    ...(consent.explainedBy === null ? [] : [{ label: t('explained_by'), value: <bdi>{consent.explainedBy}</bdi> }]),
    {
      label: t('recorded'),
      value: t('by_at', { who: consent.recordedBy ?? '', when: format.moment(new Date(consent.recordedAt)) }),
    },
    ...(consent.withdrawnAt === null
      ? []
      : [
          {
            label: t('withdrawn'),
            value: t('withdrawn_by', {
              who: t(`given_by.${consent.withdrawnBy ?? 'person'}`),
              when: format.moment(new Date(consent.withdrawnAt)),
            }),
          },
        ]),
  ]
}

async function ofChild({ child, childView }: ConsentView): Promise<readonly Fact[]> {
  if (!child) return []
  const t = await getTranslations('consents')
  return [
    {
      label: t('child'),
      value: childView === null ? t('child_yes') : t(`child_view.${childView}`),
    },
  ]
}
