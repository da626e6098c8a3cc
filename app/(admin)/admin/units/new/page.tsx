import { getTranslations } from 'next-intl/server'
import { orMissing, titleOrMissing } from '@/components/layout/or-missing'
import { ActionForm } from '@/components/ui/form'
import { PageHeader } from '@/components/ui/page-header'
import { TextInput } from '@/components/ui/text-input'
import { requireActorWho } from '@/lib/auth/require-actor'
import { initialForm } from '@/lib/forms/initial-form'
import { addUnitAction } from '../actions'

export const generateMetadata = titleOrMissing(AddUnitPage, async () => {
  const t = await getTranslations('units')
  return { title: t('page_title') }
})

export default orMissing(AddUnitPage)

/** A unit begins with its name. */
async function AddUnitPage() {
  await requireActorWho('unit:administer')
  const t = await getTranslations('units')
  return (
    <>
      <PageHeader title={t('add_title')} crumbs={[{ label: t('title'), href: '/admin/units' }]} />
      <ActionForm
        action={addUnitAction}
        initial={await initialForm({}, '/admin/units/new')}
        submit={t('submit')}
        cancel={{ href: '/admin/units' }}
      >
        <TextInput name="name" label={t('name.label')} hint={t('name.hint')} maxLength={80} focusFirst />
      </ActionForm>
    </>
  )
}
