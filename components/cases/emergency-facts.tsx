import { getTranslations } from 'next-intl/server'
import { Code } from '@/components/ui/code'
import { countedDate } from '@/components/ui/counted-date'
import { Facts } from '@/components/ui/facts'
import { RecordLink } from '@/components/ui/link'
import type { EmergencyView } from '@/lib/cases/emergency/schema'
import { getFormat } from '@/lib/i18n/get-format'

/** Why, when and by whom: what all may read who have to do with an access, and what only the team may. */
export async function EmergencyFacts({ view }: { readonly view: EmergencyView }) {
  const t = await getTranslations('emergency')
  const format = await getFormat()
  const moment = (at: string) => format.moment(new Date(at))
  const { review } = view
  return (
    <div className="mb-8">
      <Facts
        facts={[
          { label: t('one.subject'), value: <Subject code={view.subject} hidden={t('one.subject_hidden')} /> },
          { label: t('one.member'), value: view.member },
          { label: t('one.agency'), value: view.agency },
          { label: t('one.reason'), value: t(`reason.${view.reason}`) },
          {
            label: t('one.words'),
            value: view.words === null ? t('one.words_hidden') : <span dir="auto">{view.words}</span>,
          },
          { label: t('one.from'), value: moment(view.openedAt) },
          { label: t('one.until'), value: moment(view.endedAt ?? view.endsAt) },
          ...(view.end === null ? [] : [{ label: t('one.end'), value: t(`ends.${view.end}`) }]),
          ...(review === null
            ? [
                {
                  label: t('one.review_due'),
                  value: await countedDate(new Date(view.reviewDueAt), view.calendarVersion),
                },
              ]
            : [
                {
                  label: t('one.review'),
                  value: t('one.reviewed', {
                    finding: t(`finding.${review.finding}`),
                    who: review.by,
                    when: moment(review.at),
                  }),
                },
              ]),
        ]}
      />
    </div>
  )
}

function Subject({ code, hidden }: { readonly code: string | null; readonly hidden: string }) {
  if (code === null) return hidden
  return (
    <RecordLink href={code.startsWith('CAS-') ? `/cases/${code}` : `/persons/${code}`}>
      <Code code={code} />
    </RecordLink>
  )
}
