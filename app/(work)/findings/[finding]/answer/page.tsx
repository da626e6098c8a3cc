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
import { answerFindingAction } from '../../actions'

type Props = PageProps<'/findings/[finding]/answer'>

export const generateMetadata = titleOrMissing(AnswerFindingPage, async ({ params }: Props) => {
  const t = await getTranslations('findings')
  return { title: t('answer_page_title', { code: (await params).finding }) }
})

export default orMissing(AnswerFindingPage)

/** The agency's answer: what it says to it, what it will do, and by when. */
async function AnswerFindingPage({ params }: Props) {
  const actor = await requireActorWho('finding:answer')
  const found = await viewFinding(actor, { finding: (await params).finding })
  if (!found.ok || !found.value.may.includes('answer')) notFound()
  const { code, texts } = found.value
  const t = await getTranslations('findings')
  const here = `/findings/${code}`
  const readers = <VisibilityLine audience={t('readers_answer')} />
  const asked = texts.findLast(({ kind }) => kind === 'reopened' || kind === 'asked')
  return (
    <>
      <PageHeader
        title={t('answer.title')}
        facts={<Code code={code} />}
        crumbs={[
          { label: t('own_page_title'), href: '/findings' },
          { label: <Code code={code} />, href: here },
        ]}
      />
      {asked === undefined ? null : (
        <blockquote className="measure mb-6 border-s-4 border-line ps-3 whitespace-pre-line" dir="auto">
          {asked.text}
        </blockquote>
      )}
      <ActionForm
        action={answerFindingAction}
        initial={await initialForm({}, `${here}/answer`)}
        submit={t('answer.submit')}
        cancel={{ href: here }}
        hidden={{ finding: code }}
      >
        <TextArea
          name="answer"
          label={t('answer.answer_label')}
          hint={t('answer.answer_hint')}
          maxLength={4_000}
          rows={6}
          visibility={readers}
        />
        <TextArea name="action" label={t('answer.action_label')} maxLength={4_000} visibility={readers} />
        <DateField name="actionDue" label={t('answer.due_label')} calendar />
      </ActionForm>
    </>
  )
}
