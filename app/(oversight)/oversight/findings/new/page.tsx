import { getTranslations } from 'next-intl/server'
import { notFound } from 'next/navigation'
import { orMissing, titleOrMissing } from '@/components/layout/or-missing'
import { FindingFields } from '@/components/oversight/finding-fields'
import { findingWords } from '@/components/oversight/finding-words'
import { Code } from '@/components/ui/code'
import { EmptyState } from '@/components/ui/empty-state'
import { Facts } from '@/components/ui/facts'
import { ActionForm } from '@/components/ui/form'
import { PageHeader } from '@/components/ui/page-header'
import { Select } from '@/components/ui/select'
import { requireActorWho } from '@/lib/auth/require-actor'
import { initialForm } from '@/lib/forms/initial-form'
import { findingSourceInput, type FindingForm } from '@/lib/oversight/findings/schema'
import { prepareFinding } from '@/lib/oversight/findings/service'
import { openFindingAction } from '../actions'

const PATH = '/oversight/findings'

export const generateMetadata = titleOrMissing(NewFindingPage, async () => {
  const t = await getTranslations('findings')
  return { title: t('new_page_title') }
})

export default orMissing(NewFindingPage)

/** A finding from what was looked at: the address says which source, the form what there is to say about it. */
async function NewFindingPage({ searchParams }: PageProps<'/oversight/findings/new'>) {
  const actor = await requireActorWho('finding:make')
  const asked = await searchParams
  const t = await getTranslations('findings')
  const header = <PageHeader title={t('new.title')} crumbs={[{ label: t('title'), href: PATH }]} />
  if (asked['from'] === undefined)
    return (
      <>
        {header}
        <EmptyState title={t('new.no_source')}>{t('new.no_source_help')}</EmptyState>
      </>
    )
  const source = findingSourceInput.safeParse({ from: asked['from'], code: asked['code'], item: asked['item'] })
  if (!source.success) notFound()
  const found = await prepareFinding(actor, source.data)
  if (!found.ok) notFound()
  return (
    <>
      {header}
      <Source form={found.value} />
      <NewFinding form={found.value} />
    </>
  )
}

async function Source({ form: { source, headline } }: { readonly form: FindingForm }) {
  const t = await getTranslations('findings')
  const words = await findingWords()
  return (
    <div className="mb-6">
      <Facts
        facts={[
          { label: t(`source.${source.from}`), value: words(source.from, headline) },
          ...(source.item === undefined ? [] : [{ label: t('item_label'), value: <Code code={source.item} /> }]),
        ]}
      />
      <p className="mt-2 text-note text-ink-2">{t('new.frozen')}</p>
    </div>
  )
}

async function NewFinding({ form }: { readonly form: FindingForm }) {
  const t = await getTranslations('findings')
  const { source, agencies, grade, basis, answerDue } = form
  const { from, code, item } = source
  const query = new URLSearchParams({ from, code, ...(item === undefined ? {} : { item }) })
  const agency = agencies.length === 1 ? (agencies[0]?.key ?? '') : ''
  return (
    <ActionForm
      action={openFindingAction}
      initial={await initialForm({ agency, grade, basis, answerDue }, `${PATH}/new?${query.toString()}`)}
      submit={t('new.submit')}
      cancel={{ href: PATH }}
      hidden={{ from, code, item: item ?? '' }}
    >
      <Select
        name="agency"
        label={t('agency_label')}
        options={agencies.map(({ key, name }) => ({ value: key, label: name }))}
      />
      <FindingFields />
    </ActionForm>
  )
}
