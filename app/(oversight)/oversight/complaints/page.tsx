import { getTranslations } from 'next-intl/server'
import { redirect } from 'next/navigation'
import { ComplaintStatePill } from '@/components/complaints/complaint-state'
import { orMissing, titleOrMissing } from '@/components/layout/or-missing'
import { Code, grouped } from '@/components/ui/code'
import { DataTable, type Column } from '@/components/ui/data-table'
import { EmptyState } from '@/components/ui/empty-state'
import { FilterBar } from '@/components/ui/filter-bar'
import { AppLink } from '@/components/ui/link'
import { PageHeader } from '@/components/ui/page-header'
import { requireActorWho } from '@/lib/auth/require-actor'
import { getFormat } from '@/lib/i18n/get-format'
import {
  COMPLAINT_STATES,
  COMPLAINT_SUBJECTS,
  listComplaintsInput,
  type ComplaintLine,
  type ListComplaintsInput,
} from '@/lib/oversight/complaints/schema'
import { listComplaints } from '@/lib/oversight/complaints/service'

const PATH = '/oversight/complaints'

export const generateMetadata = titleOrMissing(ComplaintsPage, async () => {
  const t = await getTranslations('complaints')
  return { title: t('list.page_title') }
})

export default orMissing(ComplaintsPage)

/** What people complained of to this body, the latest first. */
async function ComplaintsPage({ searchParams }: PageProps<'/oversight/complaints'>) {
  const actor = await requireActorWho('complaint:answer')
  const query = Object.fromEntries(Object.entries(await searchParams).filter(([, value]) => value !== ''))
  const parsed = listComplaintsInput.safeParse(query)
  const asked = parsed.success ? parsed.data : {}
  const found = await listComplaints(actor, asked)
  if (!found.ok) redirect(PATH)
  const t = await getTranslations('complaints')
  const { items, earlierCursor, nextCursor } = found.value
  return (
    <>
      <PageHeader title={t('list.title')} facts={<span className="measure">{t('list.intro')}</span>} />
      <Filters asked={asked} count={items.length} />
      <DataTable<ComplaintLine>
        caption={t('list.caption')}
        rows={items}
        rowKey={({ code }) => code}
        columns={await columns()}
        pages={{ earlier: pageHref(asked, earlierCursor), later: pageHref(asked, nextCursor) }}
        empty={<EmptyState title={t('list.empty')}>{t('list.empty_hint')}</EmptyState>}
      />
    </>
  )
}

async function Filters({ asked, count }: { readonly asked: ListComplaintsInput; readonly count: number }) {
  const t = await getTranslations('complaints')
  const { state, subject } = asked
  return (
    <FilterBar
      action={PATH}
      filters={[
        {
          name: 'state',
          label: t('list.state'),
          value: state ?? '',
          options: COMPLAINT_STATES.map((value) => ({ value, label: t(`state.${value}`) })),
        },
        {
          name: 'subject',
          label: t('list.subject'),
          value: subject ?? '',
          options: COMPLAINT_SUBJECTS.map((value) => ({ value, label: t(`subject.${value}`) })),
        },
      ]}
      chips={[
        ...(state === undefined ? [] : [{ label: t(`state.${state}`), href: hrefOf({ ...asked, state: undefined }) }]),
        ...(subject === undefined
          ? []
          : [{ label: t(`subject.${subject}`), href: hrefOf({ ...asked, subject: undefined }) }]),
      ]}
      clearHref={PATH}
      count={t('list.count', { count })}
    />
  )
}

async function columns(): Promise<readonly Column<ComplaintLine>[]> {
  const t = await getTranslations('complaints')
  const format = await getFormat()
  return [
    {
      key: 'filed',
      head: t('list.filed'),
      cell: ({ code, filedAt }) => (
        <>
          <AppLink
            href={`${PATH}/${code}`}
            className="font-semibold text-action-ink underline"
            aria-label={t('list.open', { code: grouped(code) })}
          >
            {format.moment(new Date(filedAt))}
          </AppLink>
          <span className="block text-note text-ink-2">
            <Code code={code} />
          </span>
        </>
      ),
    },
    { key: 'subject', head: t('list.subject'), cell: ({ subject }) => t(`subject.${subject}`) },
    {
      key: 'agency',
      head: t('list.agency'),
      cell: ({ agencyName }) => (agencyName === null ? t('list.no_agency') : <bdi>{agencyName}</bdi>),
    },
    { key: 'source', head: t('list.source'), cell: ({ source }) => t(`source.${source}`) },
    { key: 'state', head: t('list.state'), cell: ({ state }) => <ComplaintStatePill state={state} /> },
  ]
}

type Asked = { readonly [K in keyof ListComplaintsInput]?: ListComplaintsInput[K] | undefined }

function pageHref(asked: ListComplaintsInput, cursor: string | null): string | undefined {
  return cursor === null ? undefined : hrefOf({ ...asked, cursor })
}

function hrefOf({ state, subject, cursor }: Asked): string {
  const pairs = Object.entries({ state, subject, cursor }).filter(
    (pair): pair is [string, NonNullable<(typeof pair)[1]>] => pair[1] !== undefined,
  )
  const query = new URLSearchParams(pairs).toString()
  return query === '' ? PATH : `${PATH}?${query}`
}
