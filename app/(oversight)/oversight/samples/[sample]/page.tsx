import { getTranslations } from 'next-intl/server'
import { notFound } from 'next/navigation'
import { orMissing, titleOrMissing } from '@/components/layout/or-missing'
import { LinkButton } from '@/components/ui/button'
import { Code, grouped } from '@/components/ui/code'
import { DataTable } from '@/components/ui/data-table'
import { EmptyState } from '@/components/ui/empty-state'
import { Facts } from '@/components/ui/facts'
import { AppLink } from '@/components/ui/link'
import { Notice } from '@/components/ui/notice'
import { PageHeader, Section } from '@/components/ui/page-header'
import { Pill } from '@/components/ui/pill'
import { requireActorWho } from '@/lib/auth/require-actor'
import { getFormat } from '@/lib/i18n/get-format'
import { getKeyTranslator } from '@/lib/i18n/translate-key'
import type { SampledFile, SampleView } from '@/lib/oversight/samples/schema'
import { viewSample } from '@/lib/oversight/samples/service'

const PATH = '/oversight/samples'

type Props = PageProps<'/oversight/samples/[sample]'>

export const generateMetadata = titleOrMissing(SamplePage, async ({ params }: Props) => {
  const t = await getTranslations('samples')
  return { title: t('view_page_title', { code: (await params).sample }) }
})

export default orMissing(SamplePage)

/** How a sample was drawn, and its files: which are read, and where something is of concern. */
async function SamplePage({ params }: Props) {
  const found = await viewSample(await requireActorWho('sample:read'), { sample: (await params).sample })
  if (!found.ok) notFound()
  const view = found.value
  const t = await getTranslations('samples')
  const findings = await getTranslations('findings')
  const next = view.items.find(({ readAt }) => readAt === null)
  return (
    <>
      <PageHeader
        title={grouped(view.code)}
        crumbs={[{ label: t('title'), href: PATH }]}
        facts={next === undefined ? t('all_read') : t('read_of', { read: view.read, files: view.files })}
        primary={
          next === undefined ? undefined : (
            <LinkButton href={`${PATH}/${view.code}/${next.code}`} tone="primary">
              {t('read_next')}
            </LinkButton>
          )
        }
        secondary={
          view.concerns === 0 ? undefined : (
            <LinkButton href={`/oversight/findings/new?from=sample&code=${view.code}`}>{findings('open')}</LinkButton>
          )
        }
      />
      {view.repeats ? null : <Notice tone="stop">{t('repeats_not')}</Notice>}
      <HowDrawn view={view} />
      <Section title={t('files')}>
        <Files view={view} />
      </Section>
    </>
  )
}

async function HowDrawn({ view }: { readonly view: SampleView }) {
  const t = await getTranslations('samples')
  const format = await getFormat()
  return (
    <div className="mb-8">
      <Facts
        facts={[
          { label: t('drawn'), value: format.moment(new Date(view.drawnAt)) },
          { label: t('pool_label'), value: t(`pool.${view.pool}`) },
          { label: t('spread_label'), value: t(`spread.${view.spread}`) },
          { label: t('seed'), value: <span className="font-code">{view.seed}</span> },
          {
            label: t('list'),
            value: view.frameSize === null ? t('list_kept') : t('list_of', { count: view.frameSize }),
          },
          { label: t('digest'), value: <span className="font-code text-note break-all">{view.frameDigest}</span> },
          { label: t('concerns'), value: t('concern_count', { count: view.concerns }) },
        ]}
      />
      {view.repeats ? <p className="mt-2 text-note text-ink-2">{t('repeats')}</p> : null}
    </div>
  )
}

async function Files({ view }: { readonly view: SampleView }) {
  const t = await getTranslations('samples')
  const { text } = await getKeyTranslator()
  const stratumOf = ({ stratum, agencyName }: SampledFile) => {
    if (view.spread === 'agency') return <bdi>{agencyName}</bdi>
    return stratum === 'none' ? t('no_category') : text(`mandate.categories.${stratum}`)
  }
  return (
    <DataTable<SampledFile>
      caption={t('files_caption')}
      rows={view.items}
      rowKey={({ code }) => code}
      columns={[
        {
          key: 'file',
          head: t('file'),
          cell: ({ code }) => (
            <AppLink href={`${PATH}/${view.code}/${code}`} className="font-semibold text-action-ink underline">
              <Code code={code} />
            </AppLink>
          ),
        },
        { key: 'agency', head: t('agency'), cell: ({ agencyName }) => <bdi>{agencyName}</bdi> },
        ...(view.spread === 'category' ? [{ key: 'stratum', head: t('stratum'), cell: stratumOf }] : []),
        { key: 'state', head: t('state'), cell: (file) => <FileState file={file} labels={labelsOf(t)} /> },
      ]}
      empty={<EmptyState title={t('empty')} />}
    />
  )
}

type Labels = Readonly<Record<'unread' | 'in_order' | 'has_concern', string>>

function labelsOf(t: (key: keyof Labels) => string): Labels {
  return { unread: t('unread'), in_order: t('in_order'), has_concern: t('has_concern') }
}

function FileState({ file, labels }: { readonly file: SampledFile; readonly labels: Labels }) {
  if (file.answers === null)
    return (
      <Pill icon="circle-dashed" tone="calm">
        {labels.unread}
      </Pill>
    )
  if (Object.values(file.answers).includes('concern'))
    return (
      <Pill icon="triangle-alert" tone="warn">
        {labels.has_concern}
      </Pill>
    )
  return (
    <Pill icon="circle-check" tone="go">
      {labels.in_order}
    </Pill>
  )
}
