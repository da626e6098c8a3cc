import { getTranslations } from 'next-intl/server'
import type { ReactNode } from 'react'
import { Code } from '@/components/ui/code'
import { DataTable, type Pages } from '@/components/ui/data-table'
import { AppLink } from '@/components/ui/link'
import type { ConsentView } from '@/lib/consent/schema'
import { getFormat } from '@/lib/i18n/get-format'
import { ConsentPill } from './consent-state'
import { categoryWords, receiverWords, untilWords } from './consent-words'

type ConsentTableProps = {
  readonly caption: ReactNode
  readonly consents: readonly ConsentView[]
  readonly pages?: Pages
  readonly empty: ReactNode
}

/** What a person agreed to or didn't, one line an answer. */
export async function ConsentTable({ caption, consents, pages, empty }: ConsentTableProps) {
  const t = await getTranslations('consents')
  const purposes = await getTranslations('networks.purpose')
  const format = await getFormat()
  const rows = await Promise.all(
    consents.map(async (consent) => ({
      ...consent,
      receiver: await receiverWords(consent),
      about: await categoryWords(consent.categories),
      until: consent.answer === 'refused' ? null : await untilWords(consent),
    })),
  )
  return (
    <DataTable
      caption={caption}
      rows={rows}
      rowKey={({ code }) => code}
      rowTone={({ state }) => (state === 'ends_soon' ? 'warn' : undefined)}
      columns={[
        {
          key: 'purpose',
          head: t('purpose'),
          cell: ({ code, purpose, case: on }) => (
            <>
              <AppLink href={`/cases/${on}/consents/${code}`} className="font-semibold text-action-ink underline">
                {purposes(purpose)}
              </AppLink>
              <span className="block text-note text-ink-2">
                <Code code={code} />
              </span>
            </>
          ),
        },
        { key: 'receiver', head: t('to'), cell: ({ receiver }) => <bdi>{receiver}</bdi> },
        { key: 'about', head: t('categories'), cell: ({ about }) => about },
        { key: 'until', head: t('until'), cell: ({ until }) => until },
        {
          key: 'state',
          head: t('state_label'),
          showHeadOnCard: false,
          cell: ({ state, recordedAt, withdrawnAt }) => (
            <>
              <ConsentPill state={state} />
              <span className="block text-note text-ink-2">{format.moment(new Date(withdrawnAt ?? recordedAt))}</span>
            </>
          ),
        },
      ]}
      {...(pages === undefined ? {} : { pages })}
      empty={empty}
    />
  )
}
