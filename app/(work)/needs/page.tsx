import { redirect } from 'next/navigation'
import { getTranslations } from 'next-intl/server'
import { orMissing, titleOrMissing } from '@/components/layout/or-missing'
import { PageHeader } from '@/components/ui/page-header'
import { listNeeds } from '@/lib/assistance/needs/service'
import { requireActorWho } from '@/lib/auth/require-actor'
import { askedNeeds } from './asked-needs'
import { NeedList } from './need-list'

export const generateMetadata = titleOrMissing(NeedsPage, async () => {
  const t = await getTranslations('assistance.need.list')
  return { title: t('page_title') }
})

export default orMissing(NeedsPage)

/** The needs of the agency that the member may know of: first those that wait for somebody, the earliest limit first. */
async function NeedsPage({ searchParams }: PageProps<'/needs'>) {
  const t = await getTranslations('assistance.need.list')
  const actor = await requireActorWho('need:read')
  const asked = askedNeeds(await searchParams, 'living')
  if (asked === null) redirect('/needs')
  const found = await listNeeds(actor, asked.input)
  // A cursor that is none of ours starts afresh.
  if (!found.ok) redirect(asked.asked.cursor === undefined ? '/more' : '/needs')
  return (
    <>
      <PageHeader title={t('title')} />
      <NeedList {...asked} page={found.value} path="/needs" withPerson />
    </>
  )
}
