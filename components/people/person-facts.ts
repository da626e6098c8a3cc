import type { PersonFacts } from '@/lib/people/schema'
import { profileTexts } from './profile-texts'

/** The facts by which a team knows a person without a name: age band, gender, languages, interpreter, citizenship. */
export async function personFactItems({
  birthBand,
  profile,
}: Pick<PersonFacts, 'birthBand' | 'profile'>): Promise<readonly string[]> {
  const { ages, stated } = await profileTexts()
  const needsInterpreter = profile.interpreter.state === 'stated' && profile.interpreter.value
  return [
    stated(profile, 'gender'),
    birthBand === null ? null : ages(birthBand),
    stated(profile, 'languages'),
    needsInterpreter ? stated(profile, 'interpreter') : null,
    stated(profile, 'citizenships'),
  ].filter((item) => item !== null)
}
