import { notFound, redirect } from 'next/navigation'
import { getTranslations } from 'next-intl/server'
import { orMissing, titleOrMissing } from '@/components/layout/or-missing'
import { Code } from '@/components/ui/code'
import { Confirmation } from '@/components/ui/confirmation'
import { ActionForm } from '@/components/ui/form'
import { PageHeader } from '@/components/ui/page-header'
import { TextArea } from '@/components/ui/text-area'
import { AudienceLine } from '@/components/cases/audience-line'
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
  const t = await getTranslations('assistance')
  const initial = await initialForm({}, `${here}/void`)
  return (
    <>
      <PageHeader
        title={t('contact.void.title')}
        crumbs={[
          { label: <Code code={contact.person ?? contact.case} />, href: `/cases/${contact.case}` },
          { label: <Code code={contact.code} />, href: here },
        ]}
      />
      <Confirmation
        will={[t('contact.void.will', { code: contact.code }), t('contact.void.stays')]}
        cannotUndo={[t('contact.void.undo')]}
      >
        <ActionForm
          action={voidContactAction}
          initial={initial}
          submit={t('contact.void.save')}
          tone="stop"
          cancel={{ href: here, label: t('back') }}
          cancelFirst
          hidden={{ contact: contact.code, version: String(contact.version) }}
        >
          <TextArea
            name="reason"
            label={t('reason.label')}
            hint={t('reason.hint')}
            maxLength={500}
            rows={3}
            visibility={<AudienceLine audience={audience} caseCode={contact.case} />}
          />
        </ActionForm>
      </Confirmation>
    </>
  )
}
