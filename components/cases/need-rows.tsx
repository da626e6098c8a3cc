import { getTranslations } from 'next-intl/server'
import { CategoryTile } from '@/components/assistance/category-tile'
import { NeedStatePill } from '@/components/assistance/status-pills'
import { UrgencyFlag } from '@/components/assistance/urgency-flag'
import { LinkButton } from '@/components/ui/button'
import { RecordLink } from '@/components/ui/link'
import { getFormat } from '@/lib/i18n/get-format'
import { CATEGORY_KEYS } from '@/lib/mandate/categories'
import type { NeedLine } from '@/lib/cases/overview-schema'

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
            <NeedStatePill state={need.state}>
              {need.state === 'met' && need.metOn !== null
                ? t('cases.overview.met_on', { day: format.shortDay(need.metOn) })
                : null}
            </NeedStatePill>
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
