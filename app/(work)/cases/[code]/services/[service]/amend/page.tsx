import { notFound, redirect } from 'next/navigation'
import { getTranslations } from 'next-intl/server'
import { RecordAudience } from '@/components/assistance/record-audience'
import { RecordedUnder } from '@/components/assistance/recorded-under'
import { ServiceFields } from '@/components/assistance/service-fields'
import { orMissing, titleOrMissing } from '@/components/layout/or-missing'
import { Code } from '@/components/ui/code'
import { ActionForm } from '@/components/ui/form'
import { PageHeader } from '@/components/ui/page-header'
import { TextArea } from '@/components/ui/text-area'
import { prepareAmendment } from '@/lib/assistance/services/form-service'
import type { ServiceRecordView } from '@/lib/assistance/services/schema'
import { requireActor } from '@/lib/auth/require-actor'
import { initialForm, type StartingValues } from '@/lib/forms/initial-form'
import { parseCode } from '@/lib/platform/ids'
import { amendServiceAction } from '../actions'

export const generateMetadata = titleOrMissing(
  AmendServicePage,
  async ({ params }: PageProps<'/cases/[code]/services/[service]/amend'>) => {
    const t = await getTranslations('assistance.service.amend')
    const code = parseCode((await params).service, 'SVC')
    return code === null ? {} : { title: t('page_title', { code }) }
  },
)

export default orMissing(AmendServicePage)

/** The same form, filled with what the service says, and the reason for the change. */
async function AmendServicePage({ params }: PageProps<'/cases/[code]/services/[service]/amend'>) {
  const { code, service: asked } = await params
  const found = await prepareAmendment(await requireActor(), { service: asked })
  if (!found.ok || found.value.service.case !== parseCode(code, 'CAS')) notFound()
  const { service, form } = found.value
  const here = `/cases/${service.case}/services/${service.code}`
  if (!service.mayAmend) redirect(here)
  const t = await getTranslations('assistance')
  const initial = await initialForm(valuesOf(service), `${here}/amend`)
  return (
    <>
      <PageHeader
        title={t('service.amend.title')}
        crumbs={[
          ...(form.person === null
            ? [{ label: t('service.granted.crumb'), href: '/referrals' }]
            : [
                { label: t('cases'), href: '/cases' },
                { label: <Code code={form.person} />, href: `/cases/${service.case}` },
              ]),
          { label: <Code code={service.code} />, href: here },
        ]}
        facts={t('service.amend.explain')}
      />
      <ActionForm
        action={amendServiceAction}
        initial={initial}
        submit={t('service.amend.save')}
        cancel={{ href: here }}
        hidden={{ service: service.code, version: String(service.version) }}
        footer={
          <span className="flex flex-wrap gap-x-4 gap-y-1">
            <RecordedUnder />
            <RecordAudience audience={form.audience} caseCode={service.case} />
          </span>
        }
      >
        <ServiceFields
          today={form.today}
          yesterday={form.yesterday}
          needs={form.needs}
          lastTime={service.detail}
          isRecord
          focusFirst={false}
          withFollowUp={false}
        />
        <TextArea
          name="reason"
          label={t('reason.label')}
          hint={t('reason.hint')}
          maxLength={500}
          rows={3}
          visibility={<RecordAudience audience={form.audience} caseCode={service.case} />}
        />
      </ActionForm>
    </>
  )
}

function valuesOf(service: ServiceRecordView): StartingValues {
  const { detail } = service
  const text = (value: number | null | undefined) => value?.toString()
  return {
    category: service.category,
    type: service.type,
    deliveredOn: service.deliveredOn,
    endedOn: service.endedOn,
    status: service.status,
    need: service.need,
    mode: detail?.mode,
    placeKind: detail?.placeKind,
    minutes: text(detail?.minutes),
    interpreterUsed: yesOrNo(detail?.interpreterUsed ?? null),
    interpreterLanguage: detail?.interpreterLanguage,
    adaptations: detail?.adaptations,
    amount: detail?.amount,
    currency: detail?.currency,
    origin: detail?.origin,
    outcome: detail?.outcome,
    proceedings: detail?.proceedings,
  }
}

/** A yes or a no as the radios of the form have it. */
function yesOrNo(answer: boolean | null): string | null {
  if (answer === null) return null
  return answer ? 'yes' : 'no'
}
