import { notFound } from 'next/navigation'
import { getTranslations } from 'next-intl/server'
import { orMissing, titleOrMissing } from '@/components/layout/or-missing'
import { PersonCases } from '@/components/people/person-cases'
import { PersonHeader } from '@/components/people/person-header'
import { countGaps, ProfileFacts } from '@/components/people/profile-facts'
import { LinkButton } from '@/components/ui/button'
import { AppLink } from '@/components/ui/link'
import { Section } from '@/components/ui/page-header'
import { requireActor } from '@/lib/auth/require-actor'
import { viewPerson } from '@/lib/people/service'
import { parseCode } from '@/lib/platform/ids'
import { revealIdentityAction } from './actions'

export const generateMetadata = titleOrMissing(PersonPage, async ({ params }: PageProps<'/persons/[personCode]'>) => {
  const t = await getTranslations('persons.page')
  const code = parseCode((await params).personCode, 'AMP')
  return code === null ? {} : { title: t('page_title', { code }) }
})

export default orMissing(PersonPage)

/** A person: how to reach them safely, facts with their gaps, cases; who they are only when asked for. */
async function PersonPage({ params }: PageProps<'/persons/[personCode]'>) {
  const { personCode } = await params
  const found = await viewPerson(await requireActor(), { person: personCode })
  if (!found.ok) notFound()
  const person = found.value
  const t = await getTranslations('persons.page')
  const here = `/persons/${person.code}`
  const openCase = (
    <LinkButton href={`/cases/new?person=${person.code}`} tone="primary" icon="plus">
      {t('open_case')}
    </LinkButton>
  )
  return (
    <>
      <PersonHeader
        person={person}
        reveal={revealIdentityAction}
        {...(person.profile === null
          ? {}
          : {
              primary: openCase,
              more: (
                <>
                  <AppLink href={`${here}/edit/identity`}>{t('change_identity')}</AppLink>
                  <AppLink href={`${here}/edit/profile`}>{t('change_profile')}</AppLink>
                  <AppLink href={`${here}/edit/safe-contact`}>{t('change_safe_contact')}</AppLink>
                  <AppLink href={`${here}/looks`}>{t('looks')}</AppLink>
                  <AppLink href={`${here}/statement`}>{t('statement')}</AppLink>
                </>
              ),
            })}
      />
      <Section title={t('cases')}>
        <PersonCases cases={person.cases} />
      </Section>
      {person.profile === null ? null : (
        <Section
          title={t('profile')}
          aside={
            <span className="flex gap-3 text-note text-ink-2">
              {t('gaps', { count: countGaps(person.profile) })}
              <AppLink href={`${here}/edit/profile`}>{t('change')}</AppLink>
            </span>
          }
        >
          <ProfileFacts profile={person.profile} />
        </Section>
      )}
    </>
  )
}
