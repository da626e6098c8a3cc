import { getTranslations } from 'next-intl/server'
import { DataTable } from '@/components/ui/data-table'
import { EmptyState } from '@/components/ui/empty-state'
import { formatFor } from '@/lib/i18n/format'
import type { Locale } from '@/lib/i18n/locale'
import type { LookedLine, WhoLookedView } from '@/lib/audit/who-looked/schema'

type WhoLookedProps = {
  readonly looked: WhoLookedView
  /** The language of the person, not of the member who prints. */
  readonly locale: Locale
  readonly timeZone: string
}

/** Who looked at a person's record, for the person: day, member with role and agency, what of it, why. */
export async function WhoLooked({ looked, locale, timeZone }: WhoLookedProps) {
  const t = await getTranslations({ locale, namespace: 'audit.who_looked' })
  const role = await getTranslations({ locale, namespace: 'agencies.role' })
  const format = formatFor(locale, timeZone)
  const rolesOf = (roles: readonly string[]) =>
    format.list(roles.map((one) => (role.has(one as Role) ? role(one as Role) : one)))
  type Role = Parameters<typeof role>[0]
  return (
    <>
      <DataTable<LookedLine & { readonly row: number }>
        caption={t('caption')}
        rows={looked.lines.map((line, row) => ({ ...line, row }))}
        rowKey={({ row }) => String(row)}
        columns={[
          { key: 'day', head: t('day'), cell: ({ day }) => format.day(day) },
          {
            key: 'who',
            head: t('who'),
            cell: ({ who, roles, agency }) => (
              <>
                <bdi>{who === '' ? (roles.length === 0 ? t('system') : rolesOf(roles)) : who}</bdi>
                <br />
                <span className="text-note text-ink-2">
                  {who === '' || roles.length === 0 ? null : `${rolesOf(roles)}, `}
                  <bdi>{agency}</bdi>
                </span>
              </>
            ),
          },
          { key: 'parts', head: t('parts'), cell: ({ parts }) => format.list(parts.map((part) => t(`part.${part}`))) },
          { key: 'why', head: t('why'), cell: ({ reason }) => t(`reason.${reason}`) },
          { key: 'times', head: t('times'), align: 'end', cell: ({ times }) => format.number(times) },
        ]}
        empty={<EmptyState title={t('none')} />}
      />
      {looked.isCut ? <p className="mt-4">{t('cut')}</p> : null}
    </>
  )
}
