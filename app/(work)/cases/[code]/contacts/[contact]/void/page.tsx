import { notFound, redirect } from 'next/navigation'
import { getTranslations } from 'next-intl/server'
import { VoidForm } from '@/components/assistance/void-form'
import { orMissing, titleOrMissing } from '@/components/layout/or-missing'
import { prepareContactVoid } from '@/lib/assistance/contacts/service'
import { requireActor } from '@/lib/auth/require-actor'
import { initialForm } from '@/lib/forms/initial-form'
import { parseCode } from '@/lib/platform/ids'
import { voidContactAction } from '../actions'

export const generateMetadata = titleOrMissing(
  VoidContactPage,
  async ({ params }: PageProps<'/cases/[code]/contacts/[contact]/void'>) => {
    const t = await getTranslations('assistance.contact.void')
    const code = parseCode((await params).contact, 'CTC')
    return code === null ? {} : { title: t('page_title', { code }) }
  },
)

export default orMissing(VoidContactPage)

/** Asks once more before a contact counts nowhere any more. */
async function VoidContactPage({ params }: PageProps<'/cases/[code]/contacts/[contact]/void'>) {
  const { code, contact: asked } = await params
  const found = await prepareContactVoid(await requireActor(), { contact: asked })
  if (!found.ok || found.value.contact.case !== parseCode(code, 'CAS')) notFound()
  const { contact, audience } = found.value
  const here = `/cases/${contact.case}/contacts/${contact.code}`
  if (!contact.mayVoid) redirect(here)
  const initial = await initialForm({}, `${here}/void`)
  return (
    <VoidForm
      kind="contact"
      record={contact}
      here={here}
      audience={audience}
      action={voidContactAction}
      initial={initial}
    />
  )
}
