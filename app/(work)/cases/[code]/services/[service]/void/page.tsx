import { notFound, redirect } from 'next/navigation'
import { getTranslations } from 'next-intl/server'
import { AudienceLine } from '@/components/cases/audience-line'
import { orMissing, titleOrMissing } from '@/components/layout/or-missing'
import { Code } from '@/components/ui/code'
import { Confirmation } from '@/components/ui/confirmation'
import { ActionForm } from '@/components/ui/form'
import { PageHeader } from '@/components/ui/page-header'
import { TextArea } from '@/components/ui/text-area'
import { prepareAmendment } from '@/lib/assistance/services/form-service'
import { requireActor } from '@/lib/auth/require-actor'
import { initialForm } from '@/lib/forms/initial-form'
import { parseCode } from '@/lib/platform/ids'
import { voidServiceAction } from '../actions'

export const generateMetadata = titleOrMissing(
  VoidServicePage,
  async ({ params }: PageProps<'/cases/[code]/services/[service]/void'>) => {
    const t = await getTranslations('assistance.service.void')
    const code = parseCode((await params).service, 'SVC')
    return code === null ? {} : { title: t('page_title', { code }) }
  },
)

export default orMissing(VoidServicePage)

/** Asks once more, with what will happen, before a service counts nowhere any more. */
async function VoidServicePage({ params }: PageProps<'/cases/[code]/services/[service]/void'>) {
  const { code, service: asked } = await params
  const found = await prepareAmendment(await requireActor(), { service: asked })
  if (!found.ok || found.value.service.case !== parseCode(code, 'CAS')) notFound()
  const { service, form } = found.value
  const here = `/cases/${service.case}/services/${service.code}`
  if (!service.mayVoid) redirect(here)
  const t = await getTranslations('assistance')
  const initial = await initialForm({}, `${here}/void`)
  return (
    <>
      <PageHeader
        title={t('service.void.title')}
        crumbs={[
          { label: t('cases'), href: '/cases' },
          { label: <Code code={form.person} />, href: `/cases/${service.case}` },
          { label: <Code code={service.code} />, href: here },
        ]}
      />
      <Confirmation
        will={[t('service.void.will', { code: service.code }), t('service.void.stays')]}
        cannotUndo={[t('service.void.undo')]}
      >
        <ActionForm
          action={voidServiceAction}
          initial={initial}
          submit={t('service.void.save')}
          tone="stop"
          cancel={{ href: here, label: t('back') }}
          cancelFirst
          hidden={{ service: service.code, version: String(service.version) }}
        >
          <TextArea
            name="reason"
            label={t('reason.label')}
            hint={t('reason.hint')}
            maxLength={500}
            rows={3}
            visibility={<AudienceLine audience={form.audience} caseCode={service.case} />}
          />
        </ActionForm>
      </Confirmation>
    </>
  )
}
