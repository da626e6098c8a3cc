import { useTranslations } from 'next-intl'
import type { IconName } from '@/components/ui/icon'
import { Pill } from '@/components/ui/pill'
import type { Tone } from '@/components/ui/tones'
import type { Fit, ListedServiceView } from '@/lib/directory/schema'

const LOOKS: Readonly<Record<Fit['verdict'], { readonly tone: Tone; readonly icon: IconName }>> = {
  fits: { tone: 'go', icon: 'circle-check' },
  ask: { tone: 'info', icon: 'message-circle' },
  no: { tone: 'calm', icon: 'circle-slash' },
}

type Judged = Pick<ListedServiceView, 'fit' | 'receivers' | 'standIns' | 'status' | 'isOpenNow'>

/** Whether a service fits, and every reason for where it stands in the list. */
export function FitReasons({ service }: { readonly service: Judged }) {
  const t = useTranslations('directory')
  const { fit } = service
  const { tone, icon } = LOOKS[fit.verdict]
  const reasons = reasonsOf(service)
  // Where nothing was asked that could be answered with no, that all of them fit says nothing.
  const words = [fit.age, fit.gender, fit.area, fit.access, fit.language]
  const saysNothing = fit.verdict === 'fits' && words.every((word) => word === 'any')
  return (
    <div className="grid justify-items-start gap-1">
      {saysNothing ? null : (
        <Pill tone={tone} icon={icon}>
          {t(`verdict.${fit.verdict}`)}
        </Pill>
      )}
      {reasons.length === 0 ? null : (
        <ul className="text-note text-ink-2">
          {reasons.map((reason) => (
            <li key={reason}>{t(`reason.${reason}`)}</li>
          ))}
        </ul>
      )}
    </div>
  )
}

function reasonsOf({ fit, receivers, standIns, status, isOpenNow }: Judged) {
  return [
    ...(fit.agreement === 'no'
      ? (['agreement_no'] as const)
      : fit.agreement === 'own'
        ? (['agreement_own'] as const)
        : []),
    ...(receivers + standIns === 0 ? (['nobody'] as const) : []),
    ...(status === 'paused' ? (['paused'] as const) : []),
    ...(fit.age === 'any' ? [] : [`age_${fit.age}` as const]),
    ...(fit.gender === 'any' ? [] : [`gender_${fit.gender}` as const]),
    ...(fit.area === 'any' ? [] : [`area_${fit.area}` as const]),
    ...(fit.access === 'any' || fit.access === 'ask' ? [] : [`access_${fit.access}` as const]),
    ...(fit.language === 'any' ? [] : [`language_${fit.language}` as const]),
    ...(isOpenNow === null ? [] : isOpenNow ? (['open'] as const) : (['closed'] as const)),
  ]
}
