import { getTranslations } from 'next-intl/server'
import type { ReactNode } from 'react'
import { FilterBar, type Filter } from '@/components/ui/filter-bar'
import { PageHeader } from '@/components/ui/page-header'
import { Tabs } from '@/components/ui/tabs'
import { getFormat } from '@/lib/i18n/get-format'
import { getKeyTranslator } from '@/lib/i18n/translate-key'
import type { LogFilters, LogPageView } from '@/lib/audit/log/schema'
import { EventTable } from './event-table'
import { typeWords } from './event-words'

type LogPageProps = {
  readonly log: LogPageView
  /** The page's own address. */
  readonly address: string
  readonly asked: LogFilters
  readonly secondary?: ReactNode
}

/** A part of the log with its filters; the latest first, fifty to a page. */
export async function LogPage({ log, address, asked, secondary }: LogPageProps) {
  const t = await getTranslations('audit.log')
  const scope = log.scopes[0] === log.scope ? undefined : log.scope
  const query: Readonly<Record<string, string | undefined>> = {
    scope,
    type: asked.type,
    subject: asked.subject,
    from: asked.from,
    to: asked.to,
  }
  const href = (change: Readonly<Record<string, string | undefined>>) => addressOf(address, { ...query, ...change })
  const filters = await filtersOf(asked, log.types)
  return (
    <>
      <PageHeader title={t(`title_${log.scope}`)} facts={t('intro')} secondary={secondary} />
      {log.scopes.length < 2 ? null : (
        <Tabs
          label={t('scopes')}
          tabs={log.scopes.map((one) => ({
            label: t(`scope.${one}`),
            href: addressOf(address, { scope: one }),
            isCurrent: one === log.scope,
          }))}
        />
      )}
      <FilterBar
        action={address}
        filters={filters}
        hidden={Object.fromEntries(
          [
            ['scope', scope],
            ['subject', asked.subject],
          ].filter((pair): pair is [string, string] => pair[1] !== undefined),
        )}
        chips={await chipsOf(filters, asked, href)}
        clearHref={addressOf(address, { scope })}
        count={t('count', { count: log.items.length })}
      />
      <EventTable log={log} href={href} />
    </>
  )
}

async function filtersOf(asked: LogFilters, types: readonly string[]): Promise<readonly Filter[]> {
  const t = await getTranslations('audit.log')
  const translator = await getKeyTranslator()
  const { locale } = await getFormat()
  const options = types
    .map((type) => ({ value: type, label: typeWords(translator, type) }))
    .sort((one, other) => one.label.localeCompare(other.label, locale))
  return [
    { name: 'type', label: t('type'), value: asked.type ?? '', options },
    { name: 'from', label: t('from'), value: asked.from ?? '', kind: 'date' },
    { name: 'to', label: t('to'), value: asked.to ?? '', kind: 'date' },
  ]
}

async function chipsOf(
  filters: readonly Filter[],
  asked: LogFilters,
  href: (change: Readonly<Record<string, string | undefined>>) => string,
) {
  const t = await getTranslations('audit.log')
  const format = await getFormat()
  const chips = filters.flatMap((filter) => {
    if (filter.value === '') return []
    const value =
      filter.kind === 'date'
        ? format.day(filter.value)
        : (filter.options.find((option) => option.value === filter.value)?.label ?? filter.value)
    return [{ label: t('chip', { filter: filter.label, value }), href: href({ [filter.name]: undefined }) }]
  })
  if (asked.subject === undefined) return chips
  const label = t('chip', { filter: t('about_filter'), value: asked.subject })
  return [...chips, { label, href: href({ subject: undefined }) }]
}

function addressOf(address: string, query: Readonly<Record<string, string | undefined>>): string {
  const parts = new URLSearchParams(
    Object.entries(query).filter((pair): pair is [string, string] => pair[1] !== undefined && pair[1] !== ''),
  ).toString()
  return parts === '' ? address : `${address}?${parts}`
}
