import { getTranslations } from 'next-intl/server'
import { notFound } from 'next/navigation'
import { orMissing, titleOrMissing } from '@/components/layout/or-missing'
import { Code } from '@/components/ui/code'
import { DateField } from '@/components/ui/date-field'
import { ActionForm } from '@/components/ui/form'
import { PageHeader } from '@/components/ui/page-header'
import { TextArea } from '@/components/ui/text-area'
import { VisibilityLine } from '@/components/ui/visibility-line'
import { requireActorWho } from '@/lib/auth/require-actor'
import { initialForm } from '@/lib/forms/initial-form'
import { viewFinding } from '@/lib/oversight/findings/service'
import { reopenFindingAction } from '../../actions'

const PATH = '/oversight/findings'

type Props = PageProps<'/oversight/findings/[finding]/reopen'>

export const generateMetadata = titleOrMissing(ReopenFindingPage, async ({ params }: Props) => {
  const t = await getTranslations('findings')
  return { title: t('reopen_page_title', { code: (await params).finding }) }
})

export default orMissing(ReopenFindingPage)

/** Why an answer isn't enough, and by when there has to be another. */
async function ReopenFindingPage({ params }: Props) {
  const actor = await requireActorWho('finding:make')
  const found = await viewFinding(actor, { finding: (await params).finding })
  if (!found.ok || !found.value.may.includes('reopen')) notFound()
  const { code } = found.value
  const t = await getTranslations('findings')
  const here = `${PATH}/${code}`
  return (
    <>
      <PageHeader
        title={t('reopen.title')}
        facts={<Code code={code} />}
        crumbs={[
          { label: t('title'), href: PATH },
          { label: <Code code={code} />, href: here },
        ]}
      />
      <ActionForm
        action={reopenFindingAction}
        initial={await initialForm({}, `${here}/reopen`)}
        submit={t('reopen.submit')}
        cancel={{ href: here }}
        hidden={{ finding: code }}
      >
        <TextArea
          name="reason"
          label={t('reopen.reason_label')}
          hint={t('statement_hint')}
          maxLength={4_000}
          visibility={<VisibilityLine audience={t('readers_both')} />}
        />
        <DateField name="answerDue" label={t('reopen.due_label')} calendar />
      </ActionForm>
    </>
  )
}
