import { notFound } from 'next/navigation'
import { getTranslations } from 'next-intl/server'
import { orMissing, titleOrMissing } from '@/components/layout/or-missing'
import { profileValues } from '@/components/people/person-values'
import { ProfileFields } from '@/components/people/profile-fields'
import { ActionForm } from '@/components/ui/form'
import { initialForm } from '@/lib/forms/initial-form'
import { PROFILE_QUESTIONS } from '@/lib/people/profile-schema'
import { changeProfileAction } from '../actions'
import { editMetadata, EditHeader, personToEdit } from '../edit-page'

export const generateMetadata = titleOrMissing(EditProfilePage, editMetadata)

export default orMissing(EditProfilePage)

/** The profile, question by question; not asked stays not asked until someone asks. */
async function EditProfilePage(props: PageProps<'/persons/[personCode]/edit/profile'>) {
  const { code, version, profile } = await personToEdit(props)
  if (profile === null) notFound()
  const t = await getTranslations('persons')
  const initial = await initialForm(profileValues(profile), `/persons/${code}/edit/profile`)
  return (
    <>
      <EditHeader code={code} title={t('edit.profile')} />
      <ActionForm
        action={changeProfileAction}
        initial={initial}
        submit={t('edit.save_profile')}
        cancel={{ href: `/persons/${code}` }}
        hidden={{ person: code, version: String(version) }}
      >
        <p className="measure text-ink-2">{t('new.profile_why')}</p>
        <ProfileFields profile={profile} questions={PROFILE_QUESTIONS} />
      </ActionForm>
    </>
  )
}
