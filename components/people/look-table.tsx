import { getTranslations } from 'next-intl/server'
import { Code } from '@/components/ui/code'
import { DataTable } from '@/components/ui/data-table'
import { getFormat } from '@/lib/i18n/get-format'
import { getKeyTranslator } from '@/lib/i18n/translate-key'
import type { LookView } from '@/lib/people/schema'

type LookTableProps = { readonly looks: readonly LookView[]; readonly later: string | undefined }

/** Looks and changes, newest first. */
export async function LookTable({ looks, later }: LookTableProps) {
  const t = await getTranslations('persons.looks')
  const { text, has } = await getKeyTranslator()
  const format = await getFormat()
  const what = (type: string) => {
    const key = `persons.looks.type.${type.replaceAll(/[.-]/g, '_')}`
    return has(key) ? text(key) : t('type.other')
  }
  return (
    <DataTable
      caption={t('caption')}
      rows={looks.map((look, row) => ({ ...look, row }))}
      rowKey={({ at, row }) => `${at} ${String(row)}`}
      columns={[
        { key: 'when', head: t('when'), cell: ({ at }) => format.moment(new Date(at)) },
        { key: 'who', head: t('who'), cell: ({ who }) => <bdi>{who === '' ? t('system') : who}</bdi> },
        {
          key: 'what',
          head: t('what'),
          cell: ({ type, subject }) => (
            <span>
              {what(type)} {subject === null ? null : <Code code={subject} />}
            </span>
          ),
        },
      ]}
      {...(later === undefined ? {} : { pages: { later } })}
      empty={null}
    />
  )
}
