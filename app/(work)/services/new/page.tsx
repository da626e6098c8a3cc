import { getTranslations } from 'next-intl/server'
import { orMissing, titleOrMissing } from '@/components/layout/or-missing'
import { LinkButton } from '@/components/ui/button'
import { Code } from '@/components/ui/code'
import { EmptyState } from '@/components/ui/empty-state'
import { ActionForm } from '@/components/ui/form'
import { AppLink, RecordLink } from '@/components/ui/link'
import { PageHeader, Section } from '@/components/ui/page-header'
import { TextInput } from '@/components/ui/text-input'
import { listCaseChoices } from '@/lib/assistance/services/form-service'
import type { CaseChoiceView } from '@/lib/assistance/services/form-schema'
import { requireActorWho } from '@/lib/auth/require-actor'
import { initialForm } from '@/lib/forms/initial-form'
import { chooseCaseAction } from './actions'

const LAST = 5

export const generateMetadata = titleOrMissing(ChooseCasePage, async () => {
  const t = await getTranslations('assistance.service.choose')
  return { title: t('page_title') }
})

export default orMissing(ChooseCasePage)

/** Logging from anywhere: one of the member's last cases, or another by its code. */
async function ChooseCasePage() {
  const found = await listCaseChoices(await requireActorWho('service:log'), { limit: LAST })
  const t = await getTranslations('assistance.service.choose')
  const initial = await initialForm({}, '/services/new')
  return (
    <>
      <PageHeader
        title={t('title')}
        facts={t('question')}
        secondary={<LinkButton href="/services/several">{t('several')}</LinkButton>}
      />
      <Section title={t('last')}>
        <LastCases cases={found.ok ? found.value : []} />
      </Section>
      <Section title={t('by_code')} aside={<AppLink href="/persons/find">{t('find')}</AppLink>}>
        <ActionForm action={chooseCaseAction} initial={initial} submit={t('go')} label={t('by_code')}>
          <TextInput name="code" label={t('by_code_label')} width="sm" maxLength={40} code />
        </ActionForm>
      </Section>
    </>
  )
}

async function LastCases({ cases }: { readonly cases: readonly CaseChoiceView[] }) {
  const t = await getTranslations('assistance.service.choose')
  if (cases.length === 0) return <EmptyState title={t('none')}>{t('none_help')}</EmptyState>
  return (
    <ul className="border-t border-line">
      {cases.map(({ code, person, number }) => (
        <li key={code} data-row className="border-b border-line">
          <RecordLink
            href={`/cases/${code}/services/new`}
            className="flex h-row items-center gap-3 text-action-ink underline"
          >
            <Code code={person} />
            <span className="text-note">{t('case_number', { number })}</span>
          </RecordLink>
        </li>
      ))}
    </ul>
  )
}
