import { notFound } from 'next/navigation'
import { getTranslations } from 'next-intl/server'
import { categoryChoices } from '@/components/assistance/category-choices'
import { CategoryTypeFields } from '@/components/assistance/category-type-fields'
import { OfferFields } from '@/components/directory/offer-fields'
import { ReceiverFields } from '@/components/directory/receiver-fields'
import { orMissing, titleOrMissing } from '@/components/layout/or-missing'
import { ActionForm } from '@/components/ui/form'
import { PageHeader, Section } from '@/components/ui/page-header'
import { Select } from '@/components/ui/select'
import { TextInput } from '@/components/ui/text-input'
import { requireActorWho } from '@/lib/auth/require-actor'
import { ROOM_UNITS } from '@/lib/directory/schema'
import { prepareOffer } from '@/lib/directory/service'
import { initialForm } from '@/lib/forms/initial-form'
import { addListedServiceAction } from '../../actions'

const PATH = '/directory/own/new'

export const generateMetadata = titleOrMissing(ListServicePage, async () => {
  const t = await getTranslations('directory.form')
  return { title: t('add_page_title') }
})

export default orMissing(ListServicePage)

/** A new entry: what, for whom, with how much room, and who answers. */
async function ListServicePage() {
  const found = await prepareOffer(await requireActorWho('directory:keep'))
  if (!found.ok) notFound()
  const { areas, members } = found.value
  const t = await getTranslations('directory')
  return (
    <>
      <PageHeader
        title={t('form.add_title')}
        crumbs={[
          { label: t('title'), href: '/directory' },
          { label: t('own.title'), href: '/directory/own' },
        ]}
      />
      <ActionForm
        action={addListedServiceAction}
        initial={await initialForm({ unit: 'places' }, PATH)}
        submit={t('form.add_submit')}
        cancel={{ href: '/directory/own' }}
        footer={<p className="measure text-note text-ink-2">{t('form.no_person')}</p>}
      >
        <CategoryTypeFields
          question={t('form.category')}
          typeQuestion={t('form.type')}
          categories={await categoryChoices()}
          focusFirst
        />
        <OfferFields areas={areas} />
        <Section title={t('form.room')}>
          <div className="grid gap-6">
            <Select
              name="unit"
              label={t('form.unit')}
              empty={false}
              options={ROOM_UNITS.map((value) => ({ value, label: t(`unit.${value}`) }))}
            />
            <TextInput name="maximum" label={t('form.maximum')} width="xs" inputMode="numeric" maxLength={4} optional />
            <TextInput
              name="available"
              label={t('form.available')}
              width="xs"
              inputMode="numeric"
              maxLength={4}
              optional
            />
          </div>
        </Section>
        <ReceiverFields members={members} />
      </ActionForm>
    </>
  )
}
