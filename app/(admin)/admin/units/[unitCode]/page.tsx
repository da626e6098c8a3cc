import { getTranslations } from 'next-intl/server'
import { notFound } from 'next/navigation'
import { orMissing, titleOrMissing } from '@/components/layout/or-missing'
import { LinkButton } from '@/components/ui/button'
import { CheckRows } from '@/components/ui/choices'
import { Facts } from '@/components/ui/facts'
import { ActionForm } from '@/components/ui/form'
import { PageHeader, Section } from '@/components/ui/page-header'
import { TextInput } from '@/components/ui/text-input'
import type { UnitView } from '@/lib/agencies/unit-schema'
import { viewUnit } from '@/lib/agencies/unit-service'
import { requireActor } from '@/lib/auth/require-actor'
import { initialForm } from '@/lib/forms/initial-form'
import { getFormat } from '@/lib/i18n/get-format'
import { moveMembersAction, renameUnitAction, takeUnplacedCasesAction } from '../actions'

type Props = PageProps<'/admin/units/[unitCode]'>

export const generateMetadata = titleOrMissing(UnitPage, async ({ params }: Props) => {
  const t = await getTranslations('units')
  return { title: t('unit_title', { code: (await params).unitCode }) }
})

export default orMissing(UnitPage)

/** One unit: who is in it, who could be moved there, its name. */
async function UnitPage({ params }: Props) {
  const { unitCode } = await params
  const found = await viewUnit(await requireActor(), { unit: unitCode })
  if (!found.ok) notFound()
  const unit = found.value
  const t = await getTranslations('units')
  const format = await getFormat()
  return (
    <>
      <PageHeader
        title={<bdi>{unit.name}</bdi>}
        crumbs={[{ label: t('title'), href: '/admin/units' }]}
        secondary={<LinkButton href={`/admin/units/${unit.code}/close`}>{t('close.act')}</LinkButton>}
      />
      <div className="mb-8">
        <Facts
          facts={[
            { label: t('members.title'), value: format.number(unit.members) },
            { label: t('cases'), value: format.number(unit.cases) },
          ]}
        />
      </div>
      <Members unit={unit} />
      {unit.unplacedCases === 0 ? null : (
        <Section title={t('unplaced.title')}>
          <p className="measure mb-4">{t('unplaced.explain', { count: unit.unplacedCases })}</p>
          <ActionForm
            action={takeUnplacedCasesAction}
            initial={await initialForm()}
            submit={t('unplaced.submit')}
            tone="secondary"
            hidden={{ unit: unit.code }}
            label={t('unplaced.title')}
          />
        </Section>
      )}
      <Section title={t('rename')}>
        <ActionForm
          action={renameUnitAction}
          initial={await initialForm({ name: unit.name }, `/admin/units/${unit.code}`)}
          submit={t('rename_submit')}
          tone="secondary"
          hidden={{ unit: unit.code, version: String(unit.version) }}
          label={t('rename')}
        >
          <TextInput name="name" label={t('name.label')} hint={t('name.hint')} maxLength={80} />
        </ActionForm>
      </Section>
    </>
  )
}

async function Members({ unit }: { readonly unit: UnitView }) {
  const t = await getTranslations('units')
  const agencies = await getTranslations('agencies')
  const format = await getFormat()
  return (
    <>
      <Section title={t('members.title')}>
        {unit.people.length === 0 ? (
          <p className="text-ink-2">{t('members.none')}</p>
        ) : (
          <ul className="border-t border-line">
            {unit.people.map(({ code, name, roles }) => (
              <li key={code} className="flex flex-wrap gap-x-3 border-b border-line py-cell">
                <bdi className="min-w-0 flex-1">{name}</bdi>
                <span className="text-ink-2">{format.list(roles.map((role) => agencies(`role.${role}`)))}</span>
              </li>
            ))}
          </ul>
        )}
      </Section>
      <Section title={t('members.add')}>
        {unit.others.length === 0 ? (
          <p className="text-ink-2">{t('members.nobody')}</p>
        ) : (
          <ActionForm
            action={moveMembersAction}
            initial={await initialForm()}
            submit={t('members.submit')}
            tone="secondary"
            hidden={{ unit: unit.code }}
            footer={<p className="measure text-note text-ink-2">{t('members.signs_out')}</p>}
            label={t('members.add')}
          >
            <CheckRows
              name="members"
              label={t('members.label')}
              columns={2}
              choices={unit.others.map(({ code, name, unit: where }) => ({
                value: code,
                label: name,
                hint: where === null ? t('none') : t('members.now_in', { unit: where }),
              }))}
            />
          </ActionForm>
        )}
      </Section>
    </>
  )
}
