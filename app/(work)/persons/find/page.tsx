import { getTranslations } from 'next-intl/server'
import { orMissing, titleOrMissing } from '@/components/layout/or-missing'
import { FindForm } from '@/components/people/find-form'
import { PageHeader } from '@/components/ui/page-header'
import { requireActorWho } from '@/lib/auth/require-actor'
import { initialForm } from '@/lib/forms/initial-form'
import { findPersonAction } from './actions'

export const generateMetadata = titleOrMissing(FindPersonPage, async () => {
  const t = await getTranslations('persons.find')
  return { title: t('page_title') }
})

export default orMissing(FindPersonPage)

/** Search before create: the only way to registering someone leads through here. */
async function FindPersonPage() {
  await requireActorWho('person:search')
  const t = await getTranslations('persons.find')
  return (
    <>
      <PageHeader title={t('title')} facts={t('intro')} />
      <FindForm action={findPersonAction} initial={await initialForm({}, '/persons/find')} focusFirst />
    </>
  )
}
