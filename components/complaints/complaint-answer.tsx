import { getTranslations } from 'next-intl/server'
import type { ComplaintAnswer } from '@/lib/oversight/complaints/schema'

type Props = {
  readonly answer: Pick<ComplaintAnswer, 'state' | 'result' | 'nextStep'>
  readonly locale?: 'en' | 'zh-Hans'
}

/** How a complaint stands and what was found, in sentences for whoever made it. */
export async function ComplaintAnswerText({ answer, locale }: Props) {
  const t =
    locale === undefined
      ? await getTranslations('complaints')
      : await getTranslations({ locale, namespace: 'complaints' })
  const { state, result, nextStep } = answer
  return (
    <div className="measure grid gap-3 text-lead">
      <p>{t(`told_state.${state}`)}</p>
      {result === null ? null : <p>{t(`told_result.${result}`)}</p>}
      {nextStep === null ? null : <p>{t(`told_next.${nextStep}`)}</p>}
    </div>
  )
}
