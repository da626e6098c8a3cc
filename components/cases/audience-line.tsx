import { getFormat } from '@/lib/i18n/get-format'
import { getTranslations } from 'next-intl/server'
import { VisibilityLine } from '@/components/ui/visibility-line'
import type { CaseAudience } from '@/lib/cases/team-schema'

type AudienceLineProps = { readonly audience: CaseAudience; readonly caseCode: string }

/** Who will be able to read what is written on a case: the sentence under every text about a person. */
export async function AudienceLine({ audience, caseCode }: AudienceLineProps) {
  return <VisibilityLine audience={await audienceText(audience)} href={`/cases/${caseCode}/access`} />
}

/** "your team of 3, supervisor, cover" */
export async function audienceText(audience: CaseAudience): Promise<string> {
  const { team, supervisors, cover, standIns, emergency, restricted } = audience
  const t = await getTranslations('cases.audience')
  const { list } = await getFormat()
  const readers = [
    t('team', { count: team }),
    supervisors === 0 ? null : t('supervisors', { count: supervisors }),
    cover === 0 ? null : t('cover'),
    emergency === 0 ? null : t('emergency'),
    standIns === 0 ? null : t('stand_ins'),
  ].filter((reader) => reader !== null)
  return restricted ? `${list(readers)}; ${t('restricted')}` : list(readers)
}
