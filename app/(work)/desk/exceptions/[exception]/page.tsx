import { notFound } from 'next/navigation'
import { getTranslations } from 'next-intl/server'
import { orMissing, titleOrMissing } from '@/components/layout/or-missing'
import { RadioRows } from '@/components/ui/choices'
import { Code } from '@/components/ui/code'
import { Facts } from '@/components/ui/facts'
import { ActionForm } from '@/components/ui/form'
import { PageHeader, Section } from '@/components/ui/page-header'
import { requireActor } from '@/lib/auth/require-actor'
import { EXCEPTION_VERDICTS, type QueuedExceptionView } from '@/lib/consent/exceptions/schema'
import { viewQueuedException } from '@/lib/consent/exceptions/service'
import { initialForm } from '@/lib/forms/initial-form'
import { getFormat } from '@/lib/i18n/get-format'
import { settleExceptionAction } from '../actions'

type Props = PageProps<'/desk/exceptions/[exception]'>

export const generateMetadata = titleOrMissing(QueuedExceptionPage, async ({ params }: Props) => {
  const t = await getTranslations('exceptions')
  return { title: t('queue.view_title', { code: (await params).exception }) }
})

export default orMissing(QueuedExceptionPage)

/** One sharing without consent: who, what kind of data, on which basis, until when; and what is found of it. */
async function QueuedExceptionPage({ params }: Props) {
  const { exception } = await params
  const found = await viewQueuedException(await requireActor(), { exception })
  if (!found.ok) notFound()
  const shown = found.value
  const t = await getTranslations('exceptions')
  return (
    <>
      <PageHeader
        title={<Code code={shown.code} />}
        crumbs={[{ label: t('queue.title'), href: '/desk/exceptions' }]}
        facts={<span className="measure">{t('queue.no_words')}</span>}
      />
      <QueuedFacts shown={shown} />
      {shown.own === null ? (
        <Section title={t('queue.find')}>
          <ActionForm
            action={settleExceptionAction}
            initial={await initialForm({}, `/desk/exceptions/${shown.code}`)}
            submit={t('queue.submit')}
            hidden={{ exception: shown.code }}
            label={t('queue.find')}
          >
            <RadioRows
              name="verdict"
              label={t('queue.question')}
              choices={EXCEPTION_VERDICTS.map((value) => ({ value, label: t(`verdict.${value}`) }))}
            />
          </ActionForm>
        </Section>
      ) : null}
    </>
  )
}

async function QueuedFacts({ shown }: { readonly shown: QueuedExceptionView }) {
  const t = await getTranslations('exceptions')
  const purposes = await getTranslations('networks.purpose')
  const fields = await getTranslations('consents.fields')
  const format = await getFormat()
  const verdict = (of: QueuedExceptionView['own']) => (of === null ? t('queue.waits') : t(`verdict.${of}`))
  return (
    <div className="mb-12">
      <Facts
        facts={[
          { label: t('queue.from'), value: <bdi>{shown.agency}</bdi> },
          { label: t('to'), value: <bdi>{shown.receiver}</bdi> },
          { label: t('purpose'), value: purposes(shown.purpose) },
          { label: t('fields'), value: format.list(shown.fields.map((key) => fields(key))) },
          { label: t('basis_label'), value: t(`basis.${shown.basis}`) },
          { label: t('queue.made'), value: format.moment(new Date(shown.madeAt)) },
          { label: t('until'), value: format.moment(new Date(shown.endedAt ?? shown.endsAt)) },
          { label: t('queue.by_coordinator'), value: verdict(shown.coordinator) },
          { label: t('queue.by_auditor'), value: verdict(shown.auditor) },
        ]}
      />
    </div>
  )
}
