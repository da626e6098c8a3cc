import { getTranslations } from 'next-intl/server'
import { Code } from '@/components/ui/code'
import { DataTable } from '@/components/ui/data-table'
import { EmptyState } from '@/components/ui/empty-state'
import { RecordLink } from '@/components/ui/link'
import type { PersonHitView } from '@/lib/people/schema'
import { profileTexts } from './profile-texts'

/** Whom a search proposes. Only the team's own persons are links; for the others it says who to ask. */
export async function PersonHits({ hits }: { readonly hits: readonly PersonHitView[] }) {
  const t = await getTranslations('persons.find')
  const { band } = await profileTexts()
  return (
    <DataTable
      caption={t('caption', { count: hits.length })}
      rows={hits}
      rowKey={({ code }) => code}
      columns={[
        {
          key: 'code',
          head: t('code'),
          cell: ({ code, team }) =>
            team ? (
              <RecordLink href={`/persons/${code}`}>
                <Code code={code} />
              </RecordLink>
            ) : (
              <span>
                <Code code={code} /> <span className="text-note text-ink-2">{t('held')}</span>
              </span>
            ),
        },
        { key: 'fit', head: t('fit'), cell: ({ strength }) => t(strength) },
        {
          key: 'born',
          head: t('born'),
          cell: ({ birthBand }) => (birthBand === null ? t('not_known') : band(birthBand)),
        },
        { key: 'responsible', head: t('responsible'), cell: ({ responsible }) => responsible },
      ]}
      empty={<EmptyState title={t('none')}>{t('none_help')}</EmptyState>}
    />
  )
}
