import type { Metadata } from 'next'
import { getTranslations } from 'next-intl/server'
import { PageHeader } from '@/components/ui/page-header'
import { requireActorWho } from '@/lib/auth/require-actor'
import { NeedList } from './need-list'

export async function generateMetadata(): Promise<Metadata> {
  const t = await getTranslations('assistance.need.list')
  return { title: t('page_title') }
}

/** All needs of the agency that the member may know of, the earliest limit first. */
export default async function NeedsPage({ searchParams }: PageProps<'/needs'>) {
  const t = await getTranslations('assistance.need.list')
  return (
    <>
      <PageHeader title={t('title')} />
      <NeedList actor={await requireActorWho('need:read')} path="/needs" params={await searchParams} />
    </>
  )
}
