import { getTranslations } from 'next-intl/server'
import { CaseFormPage } from '@/components/cases/case-form-page'
import { orMissing, titleOrMissing } from '@/components/layout/or-missing'
import { RadioRows } from '@/components/ui/choices'
import { DateField } from '@/components/ui/date-field'
import { ActionForm } from '@/components/ui/form'
import { TextInput } from '@/components/ui/text-input'
import { initialForm } from '@/lib/forms/initial-form'
import { MADE_KINDS } from '@/lib/cases/tasks/schema'
import { addDays } from '@/lib/platform/zone'
import { caseMetadata } from '../../case-metadata'
import { requireCase } from '../../require-case'
import { makeTaskAction } from './actions'

export const generateMetadata = titleOrMissing(
  NewTaskPage,
  async ({ params }: PageProps<'/cases/[code]/tasks/new'>) => {
    const t = await getTranslations('tasks.new')
    return caseMetadata(params, t('title'))
  },
)

export default orMissing(NewTaskPage)

/** What is to be done on a case, and by when. */
async function NewTaskPage({ params }: PageProps<'/cases/[code]/tasks/new'>) {
  const { code } = await params
  const { case: shown, today } = await requireCase(code, 'change')
  const t = await getTranslations('tasks')
  const here = `/cases/${shown.code}`
  const tomorrow = addDays(today, 1)
  const initial = await initialForm({ kind: 'follow_up', dueOn: tomorrow }, `${here}/tasks/new`)
  return (
    <CaseFormPage shown={shown} title={t('new.title')}>
      <ActionForm
        action={makeTaskAction}
        initial={initial}
        submit={t('new.submit')}
        cancel={{ href: here }}
        hidden={{ case: shown.code }}
      >
        <RadioRows
          name="kind"
          label={t('new.kind')}
          columns={2}
          focusFirst
          choices={MADE_KINDS.map((kind) => ({ value: kind, label: t(`kind.${kind}`) }))}
        />
        <DateField
          name="dueOn"
          label={t('new.due')}
          calendar
          quick={[
            { value: today, label: t('new.today') },
            { value: tomorrow, label: t('new.tomorrow') },
          ]}
        />
        <TextInput name="dueTime" label={t('new.time')} hint={t('new.time_hint')} optional width="sm" maxLength={5} />
      </ActionForm>
    </CaseFormPage>
  )
}
