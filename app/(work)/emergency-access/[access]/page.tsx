import { notFound } from 'next/navigation'
import { getTranslations } from 'next-intl/server'
import { EmergencyFacts } from '@/components/cases/emergency-facts'
import { EmergencyLooks } from '@/components/cases/emergency-looks'
import { EmergencyState } from '@/components/cases/emergency-state'
import { orMissing, titleOrMissing } from '@/components/layout/or-missing'
import { Button } from '@/components/ui/button'
import { RadioRows } from '@/components/ui/choices'
import { Code } from '@/components/ui/code'
import { ActionForm } from '@/components/ui/form'
import { PageHeader, Section } from '@/components/ui/page-header'
import { requireActorWho } from '@/lib/auth/require-actor'
import { EMERGENCY_FINDINGS, type EmergencyView } from '@/lib/cases/emergency/schema'
import { viewEmergency } from '@/lib/cases/emergency/service'
import { initialForm } from '@/lib/forms/initial-form'
import { parseCode } from '@/lib/platform/ids'
import { endEmergencyAction, reviewEmergencyAction } from './actions'

export const generateMetadata = titleOrMissing(
  AccessPage,
  async ({ params }: PageProps<'/emergency-access/[access]'>) => {
    const t = await getTranslations('emergency')
    const code = parseCode((await params).access, 'EMG')
    return code === null ? {} : { title: t('one_title', { code }) }
  },
)

export default orMissing(AccessPage)

/** One emergency access: why, when, how much, and what its review came to; for the reviewer the question itself. */
async function AccessPage({ params }: PageProps<'/emergency-access/[access]'>) {
  const { access } = await params
  const found = await viewEmergency(await requireActorWho('emergency:read'), { access })
  if (!found.ok) notFound()
  const view = found.value
  const t = await getTranslations('emergency')
  return (
    <>
      <PageHeader
        title={
          <>
            {t('title')} <Code code={view.code} />
          </>
        }
        pills={<EmergencyState access={view} />}
        {...(view.standing === 'review' ? { crumbs: [{ label: t('reviews.title'), href: '/reviews' }] } : {})}
        {...(view.may.end ? { primary: <EndNow code={view.code} label={t('one.end_now')} /> } : {})}
      />
      <EmergencyFacts view={view} />
      <Section title={t('one.looks')}>
        <EmergencyLooks looks={view.looksAt} />
      </Section>
      {view.may.review ? <Review view={view} /> : null}
    </>
  )
}

function EndNow({ code, label }: { readonly code: string; readonly label: string }) {
  return (
    <form action={endEmergencyAction}>
      <input type="hidden" name="access" value={code} />
      <Button tone="stop">{label}</Button>
    </form>
  )
}

async function Review({ view }: { readonly view: EmergencyView }) {
  const t = await getTranslations('emergency')
  return (
    <Section title={t('one.your_review')}>
      <ActionForm
        action={reviewEmergencyAction}
        initial={await initialForm({}, `/emergency-access/${view.code}`)}
        submit={t('one.submit')}
        cancel={{ href: '/reviews' }}
        hidden={{ access: view.code }}
      >
        <RadioRows
          name="finding"
          label={t('one.review')}
          hint={t('one.your_review_hint')}
          choices={EMERGENCY_FINDINGS.map((finding) => ({ value: finding, label: t(`finding.${finding}`) }))}
        />
      </ActionForm>
    </Section>
  )
}
