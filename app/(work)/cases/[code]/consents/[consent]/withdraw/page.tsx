import { notFound, redirect } from 'next/navigation'
import { getTranslations } from 'next-intl/server'
import { AudienceLine } from '@/components/cases/audience-line'
import { receiverWords } from '@/components/consent/consent-words'
import { orMissing, titleOrMissing } from '@/components/layout/or-missing'
import { RadioRows } from '@/components/ui/choices'
import { Code } from '@/components/ui/code'
import { Confirmation } from '@/components/ui/confirmation'
import { ActionForm } from '@/components/ui/form'
import { PageHeader } from '@/components/ui/page-header'
import { TextArea } from '@/components/ui/text-area'
import { requireActor } from '@/lib/auth/require-actor'
import { CONSENT_METHODS, GIVEN_BY, isForSomebodyElse } from '@/lib/consent/schema'
import { viewConsentPage } from '@/lib/consent/service'
import { initialForm } from '@/lib/forms/initial-form'
import { parseCode } from '@/lib/platform/ids'
import { withdrawConsentAction } from '../actions'

type Props = PageProps<'/cases/[code]/consents/[consent]/withdraw'>

export const generateMetadata = titleOrMissing(WithdrawConsentPage, async ({ params }: Props) => {
  const t = await getTranslations('consents.withdraw')
  const code = parseCode((await params).consent, 'CON')
  return code === null ? {} : { title: t('page_title', { code }) }
})

export default orMissing(WithdrawConsentPage)

/** What stops when the person no longer agrees. They owe nobody a reason. */
async function WithdrawConsentPage({ params }: Props) {
  const { code, consent: asked } = await params
  const found = await viewConsentPage(await requireActor(), { consent: asked })
  if (!found.ok || found.value.consent.case !== parseCode(code, 'CAS')) notFound()
  const { consent, audience } = found.value
  const list = `/cases/${consent.case}/consents`
  const here = `${list}/${consent.code}`
  if (!consent.may.withdraw) redirect(here)
  const t = await getTranslations('consents')
  const isShared = isForSomebodyElse(consent.purpose)
  return (
    <>
      <PageHeader
        title={t('withdraw.title')}
        crumbs={[
          { label: <Code code={consent.person ?? consent.case} />, href: `/cases/${consent.case}` },
          { label: t('title'), href: list },
          { label: <Code code={consent.code} />, href: here },
        ]}
      />
      <Confirmation
        will={[
          ...(isShared
            ? [t('withdraw.will_stop', { receiver: await receiverWords(consent) }), t('withdraw.will_shut')]
            : [t('withdraw.will_stop_own')]),
          t('withdraw.will_tell'),
          t('withdraw.will_help'),
        ]}
        cannotUndo={[t('withdraw.cannot')]}
      >
        <ActionForm
          action={withdrawConsentAction}
          initial={await initialForm({ givenBy: 'person' }, `${here}/withdraw`)}
          submit={t('withdraw.act')}
          cancel={{ href: here, label: t('withdraw.keep') }}
          cancelFirst
          hidden={{ consent: consent.code }}
        >
          <RadioRows
            name="givenBy"
            label={t('withdraw.given_by')}
            choices={GIVEN_BY.map((value) => ({ value, label: t(`given_by.${value}`) }))}
          />
          <RadioRows
            name="method"
            label={t('withdraw.method')}
            choices={CONSENT_METHODS.map((value) => ({ value, label: t(`method.${value}`) }))}
          />
          <TextArea
            name="reason"
            label={t('withdraw.reason')}
            hint={t('withdraw.reason_hint')}
            optional
            maxLength={2_000}
            rows={3}
            visibility={<AudienceLine audience={audience} caseCode={consent.case} />}
          />
        </ActionForm>
      </Confirmation>
    </>
  )
}
