import { getTranslations } from 'next-intl/server'
import { notFound, redirect } from 'next/navigation'
import { orMissing, titleOrMissing } from '@/components/layout/or-missing'
import { FindingList } from '@/components/oversight/finding-list'
import { PageHeader } from '@/components/ui/page-header'
import { requireActorWho } from '@/lib/auth/require-actor'
import { listFindingsInput } from '@/lib/oversight/findings/schema'
import { listFindings } from '@/lib/oversight/findings/service'

const HERE = '/findings'

export const generateMetadata = titleOrMissing(OwnFindingsPage, async () => {
  const t = await getTranslations('findings')
  return { title: t('own_page_title') }
})

export default orMissing(OwnFindingsPage)

/** What those who oversee found about the agency: to be answered, under way, closed. */
async function OwnFindingsPage({ searchParams }: PageProps<'/findings'>) {
  const actor = await requireActorWho('finding:answer')
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
      <PageHeader title={t('own_page_title')} facts={t('own_intro')} />
      <FindingList page={found.value} side="agency" address={HERE} asked={parsed.data} />
    </>
  )
}
