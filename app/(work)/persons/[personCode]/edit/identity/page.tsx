import { getTranslations } from 'next-intl/server'
import { orMissing, titleOrMissing } from '@/components/layout/or-missing'
import { SHOWN_FIELD } from '@/components/people/form-field-names'
import { IdentityFields } from '@/components/people/identity-fields'
import { ShownFields } from '@/components/people/shown-fields'
import { ActionForm } from '@/components/ui/form'
import { initialForm } from '@/lib/forms/initial-form'
import { changeIdentityAction } from '../actions'
import { editMetadata, EditHeader, personToEdit } from '../edit-page'

export const generateMetadata = titleOrMissing(EditIdentityPage, editMetadata)

export default orMissing(EditIdentityPage)

/** Who the person is: hidden until a press shows it, then a form. The page itself carries nothing of it. */
async function EditIdentityPage(props: PageProps<'/persons/[personCode]/edit/identity'>) {
  const { code, version } = await personToEdit(props)
  const t = await getTranslations('persons.edit')
  const initial = await initialForm({}, `/persons/${code}/edit/identity`)
  return (
    <>
      <EditHeader code={code} title={t('identity')} />
      <ActionForm
        action={changeIdentityAction}
        initial={initial}
        submit={t('save_identity')}
        first={{ field: SHOWN_FIELD, submit: t('identity_show') }}
        cancel={{ href: `/persons/${code}` }}
        hidden={{ person: code, version: String(version) }}
      >
        <ShownFields hidden={t('identity_hidden')}>
          <IdentityFields isWhole />
        </ShownFields>
      </ActionForm>
    </>
  )
}
