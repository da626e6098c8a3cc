import { getTranslations } from 'next-intl/server'
import { Code } from '@/components/ui/code'
import { DataTable, type Pages } from '@/components/ui/data-table'
import { EmptyState } from '@/components/ui/empty-state'
import { AppLink } from '@/components/ui/link'
import type { DisclosureView } from '@/lib/consent/sharing/schema'
import { getFormat } from '@/lib/i18n/get-format'
import { disclosureWords } from './disclosure-words'

type DisclosureTableProps = {
  readonly lines: readonly DisclosureView[]
  readonly caseCode: string
  readonly pages: Pages
}

/** What left, to whom, on which basis, when and by whom. */
export async function DisclosureTable({ lines, caseCode, pages }: DisclosureTableProps) {
  const t = await getTranslations('disclosures')
  const format = await getFormat()
  const words = await disclosureWords(format.locale)
  return (
    <DataTable
      caption={t('caption')}
      rows={lines}
      rowKey={({ code }) => code}
      columns={[
        {
          key: 'when',
          head: t('when'),
          cell: ({ at, code }) => (
            <>
              {format.moment(new Date(at))}
              <span className="block text-note text-ink-2">
                <Code code={code} />
              </span>
            </>
          ),
        },
        {
          key: 'to',
          head: t('to'),
          cell: (line) => (
            <>
              <bdi>{words.receiver(line)}</bdi>
              <span className="block text-note text-ink-2">{t(`way.${line.way}`)}</span>
            </>
          ),
        },
        { key: 'what', head: t('what'), cell: ({ fields }) => format.list(words.fields(fields)) },
        {
          key: 'basis',
          head: t('basis'),
          cell: ({ bases, basisCodes }) => (
            <>
              {format.list(words.bases(bases))}{' '}
              {basisCodes.map((code) => (
                <BasisLink key={code} code={code} caseCode={caseCode} />
              ))}
            </>
          ),
        },
        { key: 'by', head: t('by'), cell: ({ by }) => <bdi>{by ?? t('nobody')}</bdi> },
      ]}
      pages={pages}
      empty={<EmptyState title={t('empty')}>{t('empty_help')}</EmptyState>}
    />
  )
}

function BasisLink({ code, caseCode }: { readonly code: string; readonly caseCode: string }) {
  if (!code.startsWith('CON-')) return <Code code={code} />
  return (
    <AppLink href={`/cases/${caseCode}/consents/${code}`} className="me-2">
      <Code code={code} />
    </AppLink>
  )
}
