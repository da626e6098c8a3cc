import { notFound } from 'next/navigation'
import { getTranslations } from 'next-intl/server'
import { OfferFields } from '@/components/directory/offer-fields'
import { orMissing, titleOrMissing } from '@/components/layout/or-missing'
import { RadioRows } from '@/components/ui/choices'
import { ActionForm } from '@/components/ui/form'
import { PageHeader } from '@/components/ui/page-header'
import { requireActorWho } from '@/lib/auth/require-actor'
import { prepareOffer, viewListedService } from '@/lib/directory/service'
import { initialForm } from '@/lib/forms/initial-form'
import { changeListedServiceAction } from '../../../actions'
import { offerValues } from '../../../offer-values'

type Props = PageProps<'/directory/own/[listed]/change'>

export const generateMetadata = titleOrMissing(ChangeEntryPage, async () => {
  const t = await getTranslations('directory.form')
  return { title: t('change_page_title') }
})

export default orMissing(ChangeEntryPage)

/** What an entry says. What kind of help it is stays as it is: another kind is another entry. */
async function ChangeEntryPage({ params }: Props) {
  const actor = await requireActorWho('directory:keep')
  const found = await viewListedService(actor, { service: (await params).listed })
  const choices = await prepareOffer(actor)
  if (!found.ok || !choices.ok || !found.value.may.change) notFound()
  const service = found.value
  const t = await getTranslations('directory')
  const here = `/directory/${service.agency}/${service.code}`
  return (
    <>
      <PageHeader
        title={t('form.change_title')}
        crumbs={[
          { label: t('own.title'), href: '/directory/own' },
          { label: <bdi>{service.name}</bdi>, href: here },
        ]}
      />
      <ActionForm
        action={changeListedServiceAction}
        initial={await initialForm(offerValues(service), `/directory/own/${service.code}/change`)}
        submit={t('form.change_submit')}
        cancel={{ href: here }}
        hidden={{ service: service.code, version: String(service.version) }}
        footer={<p className="measure text-note text-ink-2">{t('form.no_person')}</p>}
      >
        <RadioRows
          name="status"
          label={t('form.state')}
          choices={[
            { value: 'active', label: t('form.state_active') },
            { value: 'paused', label: t('form.state_paused') },
          ]}
        />
        <OfferFields areas={choices.value.areas} languages={service.languages} opening={service.opening} />
      </ActionForm>
    </>
  )
}
