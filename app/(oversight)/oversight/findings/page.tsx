import { getTranslations } from 'next-intl/server'
import { notFound, redirect } from 'next/navigation'
import { orMissing, titleOrMissing } from '@/components/layout/or-missing'
import { FindingList } from '@/components/oversight/finding-list'
import { PageHeader } from '@/components/ui/page-header'
import { requireActorWho } from '@/lib/auth/require-actor'
import { listFindingsInput } from '@/lib/oversight/findings/schema'
import { listFindings } from '@/lib/oversight/findings/service'

const HERE = '/oversight/findings'

export const generateMetadata = titleOrMissing(FindingsPage, async () => {
  const t = await getTranslations('findings')
  return { title: t('page_title') }
})

export default orMissing(FindingsPage)

/** What the auditor's body put to agencies, and how each of it stands. */
async function FindingsPage({ searchParams }: PageProps<'/oversight/findings'>) {
  const actor = await requireActorWho('finding:make')
  const parsed = listFindingsInput.safeParse(await searchParams)
  if (!parsed.success) redirect(HERE)
  const found = await listFindings(actor, parsed.data)
  if (!found.ok) {
    if (found.refusal === 'invalid') redirect(HERE)
    notFound()
  }
  const t = await getTranslations('findings')
  return (
    <>
      <PageHeader title={t('title')} facts={t('intro')} />
      <FindingList page={found.value} side="body" address={HERE} asked={parsed.data} />
    </>
  )
}
