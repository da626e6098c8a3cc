import { getTranslations } from 'next-intl/server'
import { Code } from '@/components/ui/code'
import { DataTable } from '@/components/ui/data-table'
import { RecordLink } from '@/components/ui/link'
import { Pill } from '@/components/ui/pill'
import { getFormat } from '@/lib/i18n/get-format'

/** The table of cases, with a late one. */
export async function SampleTable() {
  const t = await getTranslations('kit.table')
  const format = await getFormat()
  const rows = [
    { code: 'AMP-4TN8W2K1F', person: t('man'), stage: t('assessment'), isHigh: true, next: t('late'), services: 12 },
    { code: 'AMP-7K3MQ2XH4', person: t('woman'), stage: t('plan'), isHigh: true, next: t('today'), services: 1204 },
    { code: 'AMP-M2P6VA0ZC', person: t('yoruba'), stage: t('recovery'), isHigh: false, next: t('later'), services: 3 },
  ]
  return (
    <DataTable
      caption={t('caption')}
      isCaptionHidden
      rows={rows}
      rowKey={({ code }) => code}
      rowTone={({ next }) => (next === t('late') ? 'stop' : undefined)}
      pages={{ later: '/kit/records?later', note: t('of') }}
      empty={null}
      columns={[
        {
          key: 'code',
          head: t('code'),
          cell: ({ code }) => (
            <RecordLink href="/kit">
              <Code code={code} />
            </RecordLink>
          ),
          sort: { href: '/kit/records' },
        },
        { key: 'person', head: t('person'), cell: ({ person }) => person, showHeadOnCard: false },
        { key: 'stage', head: t('stage'), cell: ({ stage }) => stage },
        { key: 'services', head: t('services'), align: 'end', cell: ({ services }) => format.number(services) },
        {
          key: 'next',
          head: t('next'),
          cell: ({ next }) => next,
          sort: { href: '/kit/records', direction: 'ascending' },
        },
        {
          key: 'risk',
          head: t('risk'),
          cell: ({ isHigh }) =>
            isHigh ? (
              <Pill tone="stop" icon="triangle-alert">
                {t('high')}
              </Pill>
            ) : (
              t('low')
            ),
        },
      ]}
    />
  )
}
