import { getTranslations } from 'next-intl/server'
import { notFound } from 'next/navigation'
import { orMissing, titleOrMissing } from '@/components/layout/or-missing'
import { FindingDetails } from '@/components/oversight/finding-details'
import { FindingGrade, FindingStatePill } from '@/components/oversight/finding-state'
import { findingWords } from '@/components/oversight/finding-words'
import { LinkButton } from '@/components/ui/button'
import { Code } from '@/components/ui/code'
import { ActionForm } from '@/components/ui/form'
import { PageHeader } from '@/components/ui/page-header'
import { requireActorWho } from '@/lib/auth/require-actor'
import { initialForm } from '@/lib/forms/initial-form'
import { getFormat } from '@/lib/i18n/get-format'
import type { FindingView } from '@/lib/oversight/findings/schema'
import { viewFinding } from '@/lib/oversight/findings/service'
import { acceptFindingAction, sendFindingAction, withdrawFindingAction } from '../actions'

const PATH = '/oversight/findings'

type Props = PageProps<'/oversight/findings/[finding]'>

export const generateMetadata = titleOrMissing(FindingPage, async ({ params }: Props) => {
  const t = await getTranslations('findings')
  return { title: t('view_page_title', { code: (await params).finding }) }
})

export default orMissing(FindingPage)

/** One finding for the auditor: what it says, what it rests on, what the agency answered, and what is next. */
async function FindingPage({ params }: Props) {
  const actor = await requireActorWho('finding:make')
  const found = await viewFinding(actor, { finding: (await params).finding })
  if (!found.ok) notFound()
  const finding = found.value
  const t = await getTranslations('findings')
  const words = await findingWords()
  const here = `${PATH}/${finding.code}`
  return (
    <>
      <PageHeader
        title={words(finding.source.kind, finding.headline)}
        crumbs={[{ label: t('title'), href: PATH }]}
        pills={<FindingStatePill {...finding} />}
        facts={
          <>
            <FindingGrade grade={finding.grade} /> <Code code={finding.code} />
          </>
        }
        secondary={
          finding.may.includes('change') ? (
            <LinkButton href={`${here}/change`}>{t('acts.change')}</LinkButton>
          ) : finding.may.includes('reopen') ? (
            <LinkButton href={`${here}/reopen`}>{t('acts.reopen')}</LinkButton>
          ) : undefined
        }
      />
      <Acts finding={finding} />
      <FindingDetails finding={finding} />
    </>
  )
}

async function Acts({ finding }: { readonly finding: FindingView }) {
  const t = await getTranslations('findings')
  const format = await getFormat()
  const here = `${PATH}/${finding.code}`
  const { may, agencyName, answerDue } = finding
  if (!may.includes('send') && !may.includes('accept')) return null
  const hidden = { finding: finding.code }
  return (
    <div className="mb-8 grid gap-4">
      <p className="measure">
        {may.includes('send')
          ? t('acts.send_explain', { agency: agencyName, day: format.day(answerDue, 'long') })
          : t('acts.accept_explain')}
      </p>
      {may.includes('send') ? (
        <div className="flex flex-wrap gap-4">
          <ActionForm
            action={sendFindingAction}
            initial={await initialForm({}, `${here}#send`)}
            submit={t('acts.send')}
            label={t('acts.send')}
            hidden={hidden}
          />
          <ActionForm
            action={withdrawFindingAction}
            initial={await initialForm({}, `${here}#withdraw`)}
            submit={t('acts.withdraw')}
            label={t('acts.withdraw')}
            tone="secondary"
            hidden={hidden}
          />
        </div>
      ) : (
        <ActionForm
          action={acceptFindingAction}
          initial={await initialForm({}, `${here}#accept`)}
          submit={t('acts.accept')}
          label={t('acts.accept')}
          hidden={hidden}
        />
      )}
    </div>
  )
}
