import { getTranslations } from 'next-intl/server'
import { notFound } from 'next/navigation'
import { orMissing, titleOrMissing } from '@/components/layout/or-missing'
import { seenWords, TurnedAwayVoided } from '@/components/turned-away/turned-away-words'
import { RadioRows } from '@/components/ui/choices'
import { Code } from '@/components/ui/code'
import { Details } from '@/components/ui/details'
import { Facts } from '@/components/ui/facts'
import { ActionForm } from '@/components/ui/form'
import { PageHeader } from '@/components/ui/page-header'
import { TURNED_AWAY_VOID_REASONS, type TurnedAwayView } from '@/lib/assistance/turned-away/schema'
import { viewTurnedAway } from '@/lib/assistance/turned-away/service'
import { requireActor } from '@/lib/auth/require-actor'
import { initialForm } from '@/lib/forms/initial-form'
import { getFormat } from '@/lib/i18n/get-format'
import { voidTurnedAwayAction } from '../actions'

type Props = PageProps<'/turned-away/[record]'>

export const generateMetadata = titleOrMissing(TurnedAwayRecordPage, async ({ params }: Props) => {
  const t = await getTranslations('turned_away')
  return { title: t('view_title', { code: (await params).record }) }
})

export default orMissing(TurnedAwayRecordPage)

/** One record, and the way to take it out of the count. */
async function TurnedAwayRecordPage({ params }: Props) {
  const found = await viewTurnedAway(await requireActor(), { record: (await params).record })
  if (!found.ok) notFound()
  const record = found.value
  const t = await getTranslations('turned_away')
  const format = await getFormat()
  return (
    <>
      <PageHeader
        title={t('view', { day: format.day(record.askedOn, 'long') })}
        crumbs={[{ label: t('title'), href: '/turned-away' }]}
        facts={<Code code={record.code} />}
        {...(record.voidReason === null ? {} : { pills: <TurnedAwayVoided /> })}
      />
      <Answers record={record} />
      {record.mayVoid ? <VoidForm record={record} /> : null}
    </>
  )
}

async function Answers({ record }: { readonly record: TurnedAwayView }) {
  const t = await getTranslations('turned_away')
  const categories = await getTranslations('mandate.categories')
  const format = await getFormat()
  const seen = (await seenWords())(record)
  return (
    <div className="mb-8">
      <Facts
        facts={[
          { label: t('reason_short'), value: t(`reason.${record.reason}`) },
          { label: t('category_short'), value: categories(record.category) },
          {
            label: t('sent_to_short'),
            value: record.sentAgencyName === null ? t(`sent_to.${record.sentTo}`) : <bdi>{record.sentAgencyName}</bdi>,
          },
          ...(seen.length === 0 ? [{ label: t('seen_short'), value: t('nothing_seen') }] : seen),
          { label: t('entered_at'), value: format.moment(new Date(record.enteredAt)) },
          ...(record.voidReason === null
            ? []
            : [{ label: t('is_void'), value: t(`void_reason.${record.voidReason}`) }]),
        ]}
      />
    </div>
  )
}

async function VoidForm({ record }: { readonly record: TurnedAwayView }) {
  const t = await getTranslations('turned_away')
  return (
    <Details summary={t('void.title')}>
      <ActionForm
        action={voidTurnedAwayAction}
        initial={await initialForm({}, `/turned-away/${record.code}`)}
        submit={t('void.submit')}
        hidden={{ record: record.code, version: String(record.version) }}
        label={t('void.title')}
      >
        <RadioRows
          name="reason"
          label={t('void.reason')}
          choices={TURNED_AWAY_VOID_REASONS.map((value) => ({ value, label: t(`void_reason.${value}`) }))}
        />
      </ActionForm>
    </Details>
  )
}
