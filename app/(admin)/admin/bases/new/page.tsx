import { notFound } from 'next/navigation'
import { getTranslations } from 'next-intl/server'
import { orMissing, titleOrMissing } from '@/components/layout/or-missing'
import { CheckRows, RadioRows } from '@/components/ui/choices'
import { ActionForm } from '@/components/ui/form'
import { PageHeader } from '@/components/ui/page-header'
import { Select } from '@/components/ui/select'
import { TextInput } from '@/components/ui/text-input'
import { LEGAL_BASES, PURPOSES } from '@/lib/agencies/network-schema'
import { requireActor } from '@/lib/auth/require-actor'
import { listBases } from '@/lib/consent/bases/service'
import { IDENTITY_LEVELS } from '@/lib/consent/fields'
import { RECEIVER_KINDS } from '@/lib/consent/schema'
import { initialForm } from '@/lib/forms/initial-form'
import { getFormat } from '@/lib/i18n/get-format'
import { CATEGORY_KEYS } from '@/lib/mandate/categories'
import { setBasisAction } from '../actions'

export const generateMetadata = titleOrMissing(SetBasisPage, async () => {
  const t = await getTranslations('bases.new')
  return { title: t('page_title') }
})

export default orMissing(SetBasisPage)

/** A new word on what the agency rests on; it takes the place of the one before for the same purpose and receivers. */
async function SetBasisPage() {
  const found = await listBases(await requireActor())
  if (!found.ok) notFound()
  const { allowed } = found.value
  const t = await getTranslations('bases')
  const purposes = await getTranslations('networks.purpose')
  const bases = await getTranslations('networks.basis')
  const categories = await getTranslations('mandate.categories')
  const consents = await getTranslations('consents')
  const format = await getFormat()
  return (
    <>
      <PageHeader
        title={t('new.title')}
        crumbs={[{ label: t('title'), href: '/admin/bases' }]}
        facts={<span className="measure">{t('new.intro')}</span>}
      />
      <ActionForm
        action={setBasisAction}
        initial={await initialForm({}, '/admin/bases/new')}
        submit={t('new.submit')}
        cancel={{ href: '/admin/bases' }}
        footer={<p className="measure text-note text-ink-2">{t('new.no_person')}</p>}
      >
        <RadioRows
          name="purpose"
          label={t('purpose')}
          columns={2}
          choices={PURPOSES.map((value) => ({
            value,
            label: purposes(value),
            hint: t('new.allowed', { bases: format.list(allowed[value].map((basis) => bases(basis))) }),
          }))}
        />
        <Select
          name="agencyKind"
          label={t('to')}
          empty={t('everybody')}
          options={RECEIVER_KINDS.map((kind) => ({ value: kind, label: consents(`receiver.kind.${kind}`) }))}
        />
        <RadioRows
          name="basis"
          label={t('basis')}
          columns={2}
          choices={LEGAL_BASES.map((value) => ({ value, label: bases(value), hint: t(`basis_hint.${value}`) }))}
        />
        <CheckRows
          name="categories"
          label={t('new.categories')}
          hint={t('new.categories_hint')}
          optional
          columns={2}
          choices={CATEGORY_KEYS.map((value) => ({ value, label: categories(value) }))}
        />
        <RadioRows
          name="identity"
          label={consents('identity_label')}
          choices={IDENTITY_LEVELS.map((value) => ({ value, label: consents(`identity.${value}`) }))}
        />
        <TextInput name="source" label={t('new.source')} hint={t('new.source_hint')} width="lg" maxLength={200} />
      </ActionForm>
    </>
  )
}
