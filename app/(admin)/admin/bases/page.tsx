import { notFound } from 'next/navigation'
import { getTranslations } from 'next-intl/server'
import { orMissing, titleOrMissing } from '@/components/layout/or-missing'
import { LinkButton } from '@/components/ui/button'
import { Code } from '@/components/ui/code'
import { DataTable, type Column } from '@/components/ui/data-table'
import { EmptyState } from '@/components/ui/empty-state'
import { PageHeader, Section } from '@/components/ui/page-header'
import { requireActor } from '@/lib/auth/require-actor'
import type { BasisView } from '@/lib/consent/bases/schema'
import { listBases } from '@/lib/consent/bases/service'
import { getFormat } from '@/lib/i18n/get-format'

export const generateMetadata = titleOrMissing(BasesPage, async () => {
  const t = await getTranslations('bases')
  return { title: t('page_title') }
})

export default orMissing(BasesPage)

/** What the agency rests on beside consent, for each purpose, and what it rested on before. */
async function BasesPage() {
  const found = await listBases(await requireActor())
  if (!found.ok) notFound()
  const { items } = found.value
  const [now, before] = [items.filter(({ holds }) => holds), items.filter(({ holds }) => !holds)]
  const t = await getTranslations('bases')
  return (
    <>
      <PageHeader
        title={t('title')}
        facts={<span className="measure">{t('intro')}</span>}
        primary={
          <LinkButton href="/admin/bases/new" tone="primary" icon="plus">
            {t('set')}
          </LinkButton>
        }
      />
      <Section title={t('now')}>
        <DataTable
          caption={t('caption_now')}
          rows={now}
          rowKey={({ code }) => code}
          columns={await columns()}
          empty={<EmptyState title={t('empty')}>{t('empty_help')}</EmptyState>}
        />
      </Section>
      {before.length === 0 ? null : (
        <Section title={t('before')}>
          <DataTable
            caption={t('caption_before')}
            rows={before}
            rowKey={({ code }) => code}
            columns={await columns()}
            empty={null}
          />
        </Section>
      )}
    </>
  )
}

async function columns(): Promise<readonly Column<BasisView>[]> {
  const t = await getTranslations('bases')
  const purposes = await getTranslations('networks.purpose')
  const bases = await getTranslations('networks.basis')
  const categories = await getTranslations('mandate.categories')
  const consents = await getTranslations('consents')
  const format = await getFormat()
  return [
    {
      key: 'purpose',
      head: t('purpose'),
      cell: ({ purpose, code }) => (
        <>
          <span className="font-semibold">{purposes(purpose)}</span>
          <span className="block text-note text-ink-2">
            <Code code={code} />
          </span>
        </>
      ),
    },
    {
      key: 'to',
      head: t('to'),
      cell: ({ agencyKind }) => (agencyKind === null ? t('everybody') : consents(`receiver.kind.${agencyKind}`)),
    },
    {
      key: 'basis',
      head: t('basis'),
      cell: ({ basis, source }) => (
        <>
          {bases(basis)}
          <span className="block text-note text-ink-2">
            <bdi>{source}</bdi>
          </span>
        </>
      ),
    },
    {
      key: 'what',
      head: t('what'),
      cell: ({ basis, categories: covered, identity }) =>
        basis === 'consent' ? (
          t('as_consented')
        ) : (
          <>
            {covered.length === 0 || covered.length === 6
              ? consents('all_categories')
              : format.list(covered.map((key) => categories(key)))}
            <span className="block text-note text-ink-2">{consents(`identity.${identity}`)}</span>
          </>
        ),
    },
    {
      key: 'since',
      head: t('since'),
      cell: ({ setAt, by }) => (
        <>
          {format.moment(new Date(setAt))}
          {by === null ? null : <bdi className="block text-note text-ink-2">{by}</bdi>}
        </>
      ),
    },
  ]
}
