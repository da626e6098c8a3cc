import { getTranslations } from 'next-intl/server'
import { notFound, redirect } from 'next/navigation'
import { orMissing, titleOrMissing } from '@/components/layout/or-missing'
import { FindingDetails } from '@/components/oversight/finding-details'
import { FindingGrade, FindingStatePill } from '@/components/oversight/finding-state'
import { findingWords } from '@/components/oversight/finding-words'
import { LinkButton } from '@/components/ui/button'
import { Code } from '@/components/ui/code'
import { DateField } from '@/components/ui/date-field'
import { ActionForm } from '@/components/ui/form'
import { PageHeader, Section } from '@/components/ui/page-header'
import { requireActorWho } from '@/lib/auth/require-actor'
import { initialForm } from '@/lib/forms/initial-form'
import { viewFinding } from '@/lib/oversight/findings/service'
import { finishFindingAction } from '../actions'

type Props = PageProps<'/findings/[finding]'>

export const generateMetadata = titleOrMissing(OwnFindingPage, async ({ params }: Props) => {
  const t = await getTranslations('findings')
  return { title: t('view_page_title', { code: (await params).finding }) }
})

export default orMissing(OwnFindingPage)

/** A finding about the agency, with its own codes; whoever made it is led to where auditors read it. */
async function OwnFindingPage({ params }: Props) {
  const actor = await requireActorWho('finding:read')
  const found = await viewFinding(actor, { finding: (await params).finding })
  if (!found.ok) notFound()
  const finding = found.value
  if (finding.side === 'body') redirect(`/oversight/findings/${finding.code}`)
  const t = await getTranslations('findings')
  const words = await findingWords()
  return (
    <>
      <PageHeader
        title={words(finding.source.kind, finding.headline)}
        crumbs={[{ label: t('own_page_title'), href: '/findings' }]}
        pills={<FindingStatePill {...finding} />}
        facts={
          <>
            <FindingGrade grade={finding.grade} /> <Code code={finding.code} />
          </>
        }
        primary={
          finding.may.includes('answer') ? (
            <LinkButton href={`/findings/${finding.code}/answer`} tone="primary">
              {t('acts.answer')}
            </LinkButton>
          ) : undefined
        }
      />
      <FindingDetails finding={finding} />
      {finding.may.includes('done') ? <Finish code={finding.code} /> : null}
    </>
  )
}

async function Finish({ code }: { readonly code: string }) {
  const t = await getTranslations('findings.acts')
  return (
    <Section title={t('done')}>
      <ActionForm
        action={finishFindingAction}
        initial={await initialForm({}, `/findings/${code}`)}
        submit={t('done')}
        label={t('done')}
        hidden={{ finding: code }}
      >
        <DateField name="doneOn" label={t('done_label')} calendar />
      </ActionForm>
    </Section>
  )
}
