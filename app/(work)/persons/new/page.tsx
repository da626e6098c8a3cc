import { redirect } from 'next/navigation'
import { getTranslations } from 'next-intl/server'
import { FieldFold } from '@/components/assistance/field-fold'
import { orMissing, titleOrMissing } from '@/components/layout/or-missing'
import { IdentityFields } from '@/components/people/identity-fields'
import { ProfileFields } from '@/components/people/profile-fields'
import { SafeContactFields } from '@/components/people/safe-contact-fields'
import { SimilarPersons } from '@/components/people/similar-persons'
import { ActionForm } from '@/components/ui/form'
import { PageHeader } from '@/components/ui/page-header'
import { VisibilityLine } from '@/components/ui/visibility-line'
import { requireActorWho } from '@/lib/auth/require-actor'
import { initialForm } from '@/lib/forms/initial-form'
import { PROFILE_QUESTIONS } from '@/lib/people/profile-schema'
import { nameSearchedFor } from '@/lib/people/search-service'
import { registerPersonAction } from './actions'

export const generateMetadata = titleOrMissing(RegisterPersonPage, async () => {
  const t = await getTranslations('persons.new')
  return { title: t('page_title') }
})

export default orMissing(RegisterPersonPage)

/** One short form with only what is known. It opens after a search, with the name that was searched for. */
async function RegisterPersonPage({ searchParams }: PageProps<'/persons/new'>) {
  const actor = await requireActorWho('person:register')
  const { search } = await searchParams
  const searched = typeof search === 'string' ? await nameSearchedFor(actor, search) : null
  const name = searched?.ok === true ? searched.value : null
  const initial = await initialForm(name === null ? {} : { 'identity.names.0.value': name }, '/persons/new')
  // A form that comes back after the session had ended had its search before.
  if (searched?.ok !== true && !initial.kept) redirect('/persons/find')

  const t = await getTranslations('persons')
  const readers = t('new.identity_readers')
  return (
    <>
      <PageHeader
        title={t('new.title')}
        crumbs={[{ label: t('find.title'), href: '/persons/find' }]}
        facts={t('new.intro')}
      />
      <ActionForm
        action={registerPersonAction}
        initial={initial}
        submit={t('new.submit')}
        cancel={{ href: '/persons/find' }}
        footer={<VisibilityLine audience={readers} />}
      >
        <SimilarPersons
          labels={{
            explain: t('similar.explain'),
            look: t('similar.look'),
            held: t('similar.held'),
          }}
        />
        <IdentityFields focusFirst />
        <div>
          <FieldFold
            summary={t('new.safe_contact')}
            fields={['safeContact']}
            filled={t('new.filled')}
            nothing={t('new.safe_contact_value')}
          >
            <SafeContactFields readers={readers} />
          </FieldFold>
          <FieldFold
            summary={t('new.profile')}
            fields={['profile']}
            filled={t('new.filled')}
            nothing={t('new.profile_value')}
          >
            <p className="measure mb-6 text-ink-2">{t('new.profile_why')}</p>
            <ProfileFields questions={PROFILE_QUESTIONS.filter((question) => question !== 'birth')} />
          </FieldFold>
        </div>
      </ActionForm>
    </>
  )
}
