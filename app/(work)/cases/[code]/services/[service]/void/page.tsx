import { notFound, redirect } from 'next/navigation'
import { getTranslations } from 'next-intl/server'
import { VoidForm } from '@/components/assistance/void-form'
import { orMissing, titleOrMissing } from '@/components/layout/or-missing'
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
  const initial = await initialForm({}, `${here}/void`)
  return (
    <VoidForm
      kind="service"
      record={service}
      here={here}
      audience={form.audience}
      action={voidServiceAction}
      initial={initial}
    />
  )
}
