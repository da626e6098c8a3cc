import { notFound, redirect } from 'next/navigation'
import { getTranslations } from 'next-intl/server'
import { orMissing, titleOrMissing } from '@/components/layout/or-missing'
import { RadioRows } from '@/components/ui/choices'
import { Code, grouped } from '@/components/ui/code'
import { Confirmation } from '@/components/ui/confirmation'
import { DateField } from '@/components/ui/date-field'
import { ActionForm } from '@/components/ui/form'
import { Notice } from '@/components/ui/notice'
import { PageHeader } from '@/components/ui/page-header'
import { requireActorWho } from '@/lib/auth/require-actor'
import { initialForm } from '@/lib/forms/initial-form'
import { CASE_STAGES, RISK_LEVELS } from '@/lib/cases/schema'
import { viewPerson } from '@/lib/people/service'
import { addDays, dayIn } from '@/lib/platform/zone'
import { openCaseAction } from './actions'

export const generateMetadata = titleOrMissing(NewCasePage, async () => {
  const t = await getTranslations('cases.new')
  return { title: t('page_title') }
})

export default orMissing(NewCasePage)

/** Asks once before a case opens; the person comes from their page, so that nobody gets one by a typing error. */
async function NewCasePage({ searchParams }: PageProps<'/cases/new'>) {
  const { person: code } = await searchParams
  const actor = await requireActorWho('case:open')
  if (typeof code !== 'string') redirect('/persons/find')
  const found = await viewPerson(actor, { person: code })
  if (!found.ok) notFound()
  const person = found.value
  const t = await getTranslations('cases')
  const back = `/persons/${person.code}`
  const header = (
    <PageHeader
      title={t('new.title')}
      crumbs={[{ label: <Code code={person.code} />, href: back }]}
      facts={t('new.for', { code: grouped(person.code) })}
    />
  )
  if (!person.team) {
    return (
      <>
        {header}
        <Notice tone="warn">{t('new.forbidden')}</Notice>
      </>
    )
  }
  const today = dayIn(actor.timeZone, new Date())
  const initial = await initialForm({ person: person.code, stage: 'presumed', openedOn: today }, '/cases/new')
  return (
    <>
      {header}
      <Confirmation will={[t('new.will_open'), t('new.will_see'), t('new.will_restricted')]}>
        <ActionForm
          action={openCaseAction}
          initial={initial}
          submit={t('new.submit')}
          cancel={{ href: back }}
          hidden={{ person: person.code }}
        >
          <RadioRows
            name="risk"
            label={t('new.risk')}
            hint={t('new.risk_hint')}
            optional
            columns={3}
            choices={RISK_LEVELS.map((risk) => ({ value: risk, label: t(`risk.${risk}`) }))}
          />
          <RadioRows
            name="stage"
            label={t('new.stage')}
            columns={2}
            choices={CASE_STAGES.map((stage) => ({ value: stage, label: t(`stage.${stage}`) }))}
          />
          <DateField
            name="openedOn"
            label={t('new.opened_on')}
            calendar
            quick={[
              { value: today, label: t('new.today') },
              { value: addDays(today, -1), label: t('new.yesterday') },
            ]}
          />
        </ActionForm>
      </Confirmation>
    </>
  )
}
