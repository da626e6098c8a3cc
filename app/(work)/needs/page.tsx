import { getTranslations } from 'next-intl/server'
import { orMissing, titleOrMissing } from '@/components/layout/or-missing'
import { PageHeader } from '@/components/ui/page-header'
import { requireActorWho } from '@/lib/auth/require-actor'
import { NeedList } from './need-list'

export const generateMetadata = titleOrMissing(NeedsPage, async () => {
  const t = await getTranslations('assistance.need.list')
  return { title: t('page_title') }
})

export default orMissing(NeedsPage)

/** All needs of the agency that the member may know of, the earliest limit first. */
async function NeedsPage({ searchParams }: PageProps<'/needs'>) {
  const t = await getTranslations('assistance.need.list')
  return (
    <>
      <PageHeader title={t('title')} />
      <NeedList actor={await requireActorWho('need:read')} path="/needs" params={await searchParams} />
    </>
  )
}
