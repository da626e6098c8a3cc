import { getTranslations } from 'next-intl/server'
import { eventWords } from '@/components/audit/event-words'
import { Code, grouped } from '@/components/ui/code'
import { DataTable } from '@/components/ui/data-table'
import { EmptyState } from '@/components/ui/empty-state'
import { AppLink } from '@/components/ui/link'
import { getFormat } from '@/lib/i18n/get-format'
import type { OversightEvent, OversightPage } from '@/lib/oversight/log/schema'
import { basisWords, recordWords, roleWords } from './oversight-words'

type OversightTableProps = {
  readonly page: OversightPage
  /** The page's address with these parts of its query changed. */
  readonly href: (change: Readonly<Record<string, string | undefined>>) => string
}

/** The log as an auditor reads it: when, what, about whom, by whom, on what basis. */
export async function OversightTable({ page, href }: OversightTableProps) {
  const t = await getTranslations('oversight.log')
  const format = await getFormat()
  const words = await eventWords()
  const basis = await basisWords()
  const kind = await recordWords()
  const roles = await roleWords()
  const names = new Map(page.agencies.map(({ key, name }) => [key, name]))
  const pageHref = (cursor: string | null) => (cursor === null ? undefined : href({ cursor }))
  return (
    <DataTable<OversightEvent>
      caption={t('caption')}
      rows={page.items}
      rowKey={({ code }) => code}
      columns={[
        {
          key: 'when',
          head: t('when'),
          cell: ({ code, at }) => (
            <AppLink href={`/oversight/log/${code}`} aria-label={t('open', { code: grouped(code) })}>
              <span className="whitespace-nowrap">{format.moment(new Date(at))}</span>
            </AppLink>
          ),
        },
        { key: 'what', head: t('what'), cell: words },
        {
          key: 'about',
          head: t('subject'),
          cell: ({ subject, record }) =>
            subject === null ? (
              record === null ? null : (
                kind(record)
              )
            ) : (
              <AppLink
                href={href({ subject, cursor: undefined })}
                aria-label={t('all_about', { code: grouped(subject) })}
              >
                <Code code={subject} />
              </AppLink>
            ),
        },
        {
          key: 'who',
          head: t('actor'),
          cell: ({ actor, roles: held, agency }) =>
            actor === null ? (
              t('system')
            ) : (
              <>
                <AppLink href={href({ actor, cursor: undefined })} aria-label={t('all_by', { code: grouped(actor) })}>
                  <Code code={actor} />
                </AppLink>
                <span className="block text-note text-ink-2">
                  {roles(held)}, <bdi>{names.get(agency) ?? agency}</bdi>
                </span>
              </>
            ),
        },
        { key: 'basis', head: t('basis'), cell: basis },
      ]}
      pages={{ earlier: pageHref(page.earlierCursor), later: pageHref(page.nextCursor) }}
      empty={<EmptyState title={t('none')}>{t('none_hint')}</EmptyState>}
    />
  )
}
