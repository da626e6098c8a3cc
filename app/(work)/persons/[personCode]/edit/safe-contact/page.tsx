import { notFound } from 'next/navigation'
import { getTranslations } from 'next-intl/server'
import { orMissing, titleOrMissing } from '@/components/layout/or-missing'
import { safeContactValues } from '@/components/people/person-values'
import { SafeContactFields } from '@/components/people/safe-contact-fields'
import { ActionForm } from '@/components/ui/form'
import { initialForm } from '@/lib/forms/initial-form'
import { changeSafeContactAction } from '../actions'
import { editMetadata, EditHeader, personToEdit } from '../edit-page'

export const generateMetadata = titleOrMissing(EditSafeContactPage, editMetadata)

export default orMissing(EditSafeContactPage)

/** How to reach the person without harm; saving says that it was asked today. */
async function EditSafeContactPage(props: PageProps<'/persons/[personCode]/edit/safe-contact'>) {
  const { code, version, safeContact } = await personToEdit(props)
  if (safeContact === null) notFound()
  const t = await getTranslations('persons')
  const initial = await initialForm(safeContactValues(safeContact), `/persons/${code}/edit/safe-contact`)
  return (
    <>
      <EditHeader code={code} title={t('edit.safe_contact')} />
      <ActionForm
        action={changeSafeContactAction}
        initial={initial}
        submit={t('edit.save_safe_contact')}
        cancel={{ href: `/persons/${code}` }}
        hidden={{ person: code, version: String(version) }}
      >
        <SafeContactFields view={safeContact} readers={t('new.identity_readers')} />
      </ActionForm>
    </>
  )
}
