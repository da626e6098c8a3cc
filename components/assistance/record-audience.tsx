import { getTranslations } from 'next-intl/server'
import { AudienceLine } from '@/components/cases/audience-line'
import { VisibilityLine } from '@/components/ui/visibility-line'
import type { CaseAudience } from '@/lib/cases/team-schema'

type RecordAudienceProps = {
  /** Null on another agency's case: there those read it who answer for the referral. */
  readonly audience: CaseAudience | null
  readonly caseCode: string
}

/** Who will be able to read what is written on a record, whichever agency's case it stands on. */
export async function RecordAudience({ audience, caseCode }: RecordAudienceProps) {
  const t = await getTranslations('assistance.service.granted')
  return audience === null ? (
    <VisibilityLine audience={t('audience')} />
  ) : (
    <AudienceLine audience={audience} caseCode={caseCode} />
  )
}
