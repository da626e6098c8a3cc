import { useTranslations } from 'next-intl'
import { Icon } from '@/components/ui/icon'
import type { RiskLevel } from '@/lib/cases/schema'

type RiskMarkProps = {
  readonly risk: RiskLevel | null
  /** "High risk" where no heading says what is high. */
  readonly isAlone?: boolean
}

/** The risk of a case: high with a sign, medium and low in words alone. */
export function RiskMark({ risk, isAlone = false }: RiskMarkProps) {
  const t = useTranslations('cases')
  if (risk === null) return <span className="text-ink-3">{t(isAlone ? 'risk_of.none' : 'risk.none')}</span>
  const words = isAlone ? t(`risk_of.${risk}`) : t(`risk.${risk}`)
  if (risk !== 'high') return <span>{words}</span>
  return (
    <span className="inline-flex items-center gap-1 font-semibold text-stop-ink">
      <Icon name="triangle-alert" size="sm" />
      {words}
    </span>
  )
}
