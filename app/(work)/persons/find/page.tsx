import type { Metadata } from 'next'
import { getTranslations } from 'next-intl/server'
import { FindForm } from '@/components/people/find-form'
import { PageHeader } from '@/components/ui/page-header'
import { requireActorWho } from '@/lib/auth/require-actor'
import { initialForm } from '@/lib/forms/initial-form'
import { findPersonAction } from './actions'

export async function generateMetadata(): Promise<Metadata> {
  const t = await getTranslations('persons.find')
  return { title: t('page_title') }
}

/** Search before create: the only way to registering someone leads through here. */
export default async function FindPersonPage() {
  await requireActorWho('person:search')
  const t = await getTranslations('persons.find')
  return (
    <>
      <PageHeader title={t('title')} facts={t('intro')} />
      <FindForm action={findPersonAction} initial={await initialForm({}, '/persons/find')} focusFirst />
    </>
  )
}
