import { getTranslations } from 'next-intl/server'
import { Facts } from '@/components/ui/facts'
import { PROFILE_QUESTIONS, type ProfileView } from '@/lib/people/profile-schema'
import { ProfileAnswer } from './profile-answer'
import { profileTexts } from './profile-texts'

/** The whole profile, gaps included: what wasn't asked stands there as not asked. */
export async function ProfileFacts({ profile }: { readonly profile: ProfileView }) {
  const t = await getTranslations('persons.profile')
  const { stated } = await profileTexts()
  return (
    <Facts
      columns={2}
      facts={PROFILE_QUESTIONS.map((question) => ({
        label: t(`${question}.label`),
        value: <ProfileAnswer state={profile[question].state} value={stated(profile, question)} />,
      }))}
    />
  )
}

/** How many questions nobody has asked yet. */
export function countGaps(profile: ProfileView): number {
  return PROFILE_QUESTIONS.filter((question) => profile[question].state === 'not_asked').length
}
