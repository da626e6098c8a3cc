import { getTranslations } from 'next-intl/server'
import { Pill } from '@/components/ui/pill'
import type { EmergencyLineView } from '@/lib/cases/emergency/schema'
import { getFormat } from '@/lib/i18n/get-format'

type EmergencyStateProps = {
  readonly access: Pick<EmergencyLineView, 'endedAt' | 'endsAt' | 'late' | 'review' | 'reviewDueAt'>
}

/** How an emergency access stands: open, waiting for its review, late, or reviewed. */
export async function EmergencyState({ access }: EmergencyStateProps) {
  const t = await getTranslations('emergency.reviews')
  const format = await getFormat()
  const { review } = access
  if (review !== null) {
    return (
      <Pill tone="go" icon="circle-check">
        {t('reviewed', { when: format.moment(new Date(review.at)) })}
      </Pill>
    )
  }
  if (access.late) {
    return (
      <Pill tone="stop" icon="clock-alert">
        {t('late', { when: format.moment(new Date(access.reviewDueAt)) })}
      </Pill>
    )
  }
  return access.endedAt === null ? (
    <Pill tone="warn" icon="siren">
      {t('still_open', { when: format.moment(new Date(access.endsAt)) })}
    </Pill>
  ) : (
    <Pill tone="info" icon="clock">
      {t('due', { when: format.moment(new Date(access.reviewDueAt)) })}
    </Pill>
  )
}
