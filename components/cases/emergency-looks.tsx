import { getTranslations } from 'next-intl/server'
import { DataTable } from '@/components/ui/data-table'
import { EmptyState } from '@/components/ui/empty-state'
import type { EmergencyView } from '@/lib/cases/emergency/schema'
import { getFormat } from '@/lib/i18n/get-format'
import { getKeyTranslator } from '@/lib/i18n/translate-key'

type EmergencyLooksProps = { readonly looks: EmergencyView['looksAt'] }

/** What was done through an access: when, and what kind of thing. Never of which record. */
export async function EmergencyLooks({ looks }: EmergencyLooksProps) {
  const t = await getTranslations('emergency.one')
  const format = await getFormat()
  const { text, has } = await getKeyTranslator()
  const what = (type: string) => {
    const key = `cases.log_types.${type}`
    return has(key) ? text(key) : type
  }
  return (
    <DataTable
      caption={t('looks_caption', { count: looks.length })}
      rows={looks.map((look, row) => ({ ...look, row }))}
      rowKey={({ row }) => String(row)}
      columns={[
        { key: 'when', head: t('when'), cell: ({ at }) => format.moment(new Date(at)) },
        { key: 'what', head: t('what'), cell: ({ type }) => what(type) },
      ]}
      empty={<EmptyState title={t('looks_none')} />}
    />
  )
}
