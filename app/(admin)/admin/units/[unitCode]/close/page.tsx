import { getTranslations } from 'next-intl/server'
import { notFound } from 'next/navigation'
import { orMissing, titleOrMissing } from '@/components/layout/or-missing'
import { Confirmation } from '@/components/ui/confirmation'
import { ActionForm } from '@/components/ui/form'
import { Notice } from '@/components/ui/notice'
import { PageHeader } from '@/components/ui/page-header'
import { Select } from '@/components/ui/select'
import { viewUnit } from '@/lib/agencies/unit-service'
import { requireActor } from '@/lib/auth/require-actor'
import { initialForm } from '@/lib/forms/initial-form'
import { closeUnitAction } from '../../actions'

type Props = PageProps<'/admin/units/[unitCode]/close'>

export const generateMetadata = titleOrMissing(CloseUnitPage, async ({ params }: Props) => {
  const t = await getTranslations('units.close')
  return { title: t('page_title', { code: (await params).unitCode }) }
})

export default orMissing(CloseUnitPage)

/** Asks where everything in a unit goes, then closes it. */
async function CloseUnitPage({ params }: Props) {
  const { unitCode } = await params
  const found = await viewUnit(await requireActor(), { unit: unitCode })
  if (!found.ok) notFound()
  const unit = found.value
  const t = await getTranslations('units')
  const here = `/admin/units/${unit.code}`
  return (
    <>
      <PageHeader
        title={t('close.title', { name: unit.name })}
        crumbs={[
          { label: t('title'), href: '/admin/units' },
          { label: unit.name, href: here },
        ]}
      />
      {unit.isOwn ? (
        <Notice tone="warn">{t('close.own')}</Notice>
      ) : (
        <Confirmation will={[t('close.will_move'), t('close.will_sign_out'), t('close.will_cover')]}>
          <ActionForm
            action={closeUnitAction}
            initial={await initialForm()}
            submit={t('close.submit')}
            tone="stop"
            cancel={{ href: here, label: t('close.keep') }}
            cancelFirst
            hidden={{ unit: unit.code, version: String(unit.version) }}
          >
            <Select
              name="into"
              label={t('close.into')}
              options={[
                ...unit.otherUnits.map(({ code, name }) => ({ value: code, label: name })),
                { value: 'none', label: t('none') },
              ]}
            />
          </ActionForm>
        </Confirmation>
      )}
    </>
  )
}
