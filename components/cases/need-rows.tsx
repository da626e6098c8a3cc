import { getTranslations } from 'next-intl/server'
import { CategoryTile } from '@/components/assistance/category-tile'
import { UrgencyFlag } from '@/components/assistance/urgency-flag'
import { LinkButton } from '@/components/ui/button'
import type { IconName } from '@/components/ui/icon'
import { RecordLink } from '@/components/ui/link'
import { Pill } from '@/components/ui/pill'
import type { Tone } from '@/components/ui/tones'
import { getFormat } from '@/lib/i18n/get-format'
import { CATEGORY_KEYS } from '@/lib/mandate/categories'
import type { NeedLine } from '@/lib/cases/overview-schema'

const LOOKS: Readonly<Record<NeedLine['state'], { readonly icon: IconName; readonly tone: Tone }>> = {
  open: { icon: 'circle-dashed', tone: 'calm' },
  planned: { icon: 'calendar', tone: 'info' },
  being_met: { icon: 'circle-play', tone: 'info' },
  met: { icon: 'circle-check', tone: 'go' },
  not_met: { icon: 'circle-slash', tone: 'warn' },
  withdrawn: { icon: 'undo-2', tone: 'calm' },
}

type NeedRowsProps = { readonly needs: readonly NeedLine[]; readonly caseCode: string; readonly mayLog: boolean }

/** The needs of a case in a few lines, the open ones first, each with the act that meets it. */
export async function NeedRows({ needs, caseCode, mayLog }: NeedRowsProps) {
  const t = await getTranslations()
  const format = await getFormat()
  type Key = Parameters<typeof t>[0]
  return (
    <ul className="border-t border-line">
      {needs.map((need) => {
        const isOpen = ['open', 'planned', 'being_met'].includes(need.state)
        const category = CATEGORY_KEYS.find((key) => key === need.category)
        const typeKey = `mandate.types.${need.category}.${need.type ?? ''}` as Key
        const what = need.type !== null && t.has(typeKey) ? t(typeKey) : undefined
        return (
          <li
            key={need.code}
            data-row
            className="flex flex-wrap items-center gap-x-4 gap-y-1 border-b border-line py-cell"
          >
            <RecordLink href={`/cases/${caseCode}/needs/${need.code}`} className="min-w-0 flex-1 text-ink underline">
              {category === undefined ? (
                need.category
              ) : (
                <CategoryTile category={category} {...(what === undefined ? {} : { label: what })} />
              )}
            </RecordLink>
            {isOpen ? <UrgencyFlag urgency={need.urgency} /> : null}
            <Pill {...LOOKS[need.state]}>
              {need.state === 'met' && need.metOn !== null
                ? t('cases.overview.met_on', { day: format.shortDay(need.metOn) })
                : t(`cases.need_state.${need.state}`)}
            </Pill>
            {isOpen && mayLog ? (
              <LinkButton
                href={`/cases/${caseCode}/services/new?need=${need.code}`}
                size="sm"
                aria-label={t('cases.log_for', { code: need.code })}
              >
                {t('cases.log_short')}
              </LinkButton>
            ) : null}
          </li>
        )
      })}
    </ul>
  )
}
