import { getTranslations } from 'next-intl/server'
import type { ReactNode } from 'react'
import { getFormat } from '@/lib/i18n/get-format'
import { DECIDING_BODIES } from '@/lib/people/codes'
import type { Decision } from '@/lib/referrals/schema'

/** Writes a decision on identification: what, by which body, when, why. */
export async function decisionWords(): Promise<(decision: Decision) => ReactNode> {
  const t = await getTranslations('referrals')
  const bodies = await getTranslations('people.codes.decidingBody')
  const format = await getFormat()
  return ({ status, body, on, reason }) => {
    const known = DECIDING_BODIES.find((one) => one === body)
    return (
      <>
        <span className="font-semibold">{t(`decision.${status}`)}</span>
        <span className="block text-note text-ink-2">
          {t('decide.line', { body: known === undefined ? body : bodies(known), day: format.day(on) })}
        </span>
        <span className="block text-note text-ink-2">{t(`decision_reason.${reason}`)}</span>
      </>
    )
  }
}
