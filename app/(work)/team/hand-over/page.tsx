import { notFound } from 'next/navigation'
import { getTranslations } from 'next-intl/server'
import { orMissing, titleOrMissing } from '@/components/layout/or-missing'
import { CheckRows, RadioRows } from '@/components/ui/choices'
import { Code } from '@/components/ui/code'
import { EmptyState } from '@/components/ui/empty-state'
import { ActionForm } from '@/components/ui/form'
import { PageHeader } from '@/components/ui/page-header'
import { requireActor } from '@/lib/auth/require-actor'
import { initialForm } from '@/lib/forms/initial-form'
import { getFormat } from '@/lib/i18n/get-format'
import type { HandOverView, ReceiverView, WaitingCaseView } from '@/lib/cases/hand-over/schema'
import { viewHandOver } from '@/lib/cases/hand-over/service'
import { dayIn } from '@/lib/platform/zone'
import { handOverAction } from '../actions'

type Props = PageProps<'/team/hand-over'>

export const generateMetadata = titleOrMissing(HandOverPage, async () => {
  const t = await getTranslations('staffing.hand_over')
  return { title: t('page_title') }
})

export default orMissing(HandOverPage)

/** Cases whose last member left, by code, and who takes them: all at once or a choice. */
async function HandOverPage({ searchParams }: Props) {
  const found = await viewHandOver(await requireActor())
  if (!found.ok) notFound()
  const view = found.value
  const t = await getTranslations('staffing')
  const { to } = await searchParams
  return (
    <>
      <PageHeader title={t('hand_over.title')} crumbs={[{ label: t('title'), href: '/team' }]} />
      <p className="measure mb-6">{t('hand_over.explain')}</p>
      {view.total === 0 ? (
        <EmptyState title={t('hand_over.empty')} />
      ) : (
        <HandOverForm view={view} chosen={[to ?? []].flat()} />
      )}
    </>
  )
}

async function HandOverForm({ view, chosen }: { readonly view: HandOverView; readonly chosen: readonly string[] }) {
  const t = await getTranslations('staffing.hand_over')
  const hidden = view.total - view.cases.length
  const lines = await Promise.all(view.cases.map(caseLine))
  const receivers = await Promise.all(view.receivers.map(receiverLine))
  return (
    <ActionForm
      action={handOverAction}
      initial={await initialForm({ scope: 'all', members: chosen })}
      submit={t('submit')}
      cancel={{ href: '/team' }}
    >
      <CheckRows
        name="members"
        label={t('members.label')}
        hint={t('members.hint')}
        columns={2}
        choices={view.receivers.map(({ code, name }, index) => ({
          value: code,
          label: name,
          hint: receivers[index],
        }))}
      />
      <RadioRows
        name="scope"
        label={t('scope.label')}
        columns={2}
        choices={[
          { value: 'all', label: t('scope.all', { count: view.total }) },
          { value: 'chosen', label: t('scope.chosen') },
        ]}
      />
      <CheckRows
        name="cases"
        label={t('cases.label')}
        optional
        columns={2}
        {...(hidden > 0 ? { hint: t('cases.more', { count: hidden }) } : {})}
        choices={view.cases.map(({ code }, index) => ({
          value: code,
          label: <Code code={code} />,
          hint: lines[index],
        }))}
      />
    </ActionForm>
  )
}

/** What tells one case from another without saying who it is about. */
async function caseLine({ stage, status, risk, unit, from, since }: WaitingCaseView): Promise<string> {
  const t = await getTranslations()
  const format = await getFormat()
  return format.list([
    t(`cases.status.${status}`),
    t(`cases.stage.${stage}`),
    ...(risk === null ? [] : [t(`cases.risk.${risk}`)]),
    ...(unit === null ? [] : [unit]),
    t('staffing.hand_over.cases.left_by', { name: from, day: format.day(dayIn(format.timeZone, since)) }),
  ])
}

async function receiverLine({ load, unit, isAway }: ReceiverView): Promise<string> {
  const t = await getTranslations('staffing.hand_over.members')
  const format = await getFormat()
  return format.list([t('load', { count: load }), ...(unit === null ? [] : [unit]), ...(isAway ? [t('away')] : [])])
}
