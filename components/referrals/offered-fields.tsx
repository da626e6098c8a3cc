import { getTranslations } from 'next-intl/server'
import type { ReactNode } from 'react'
import { CheckRows, RadioRows } from '@/components/ui/choices'
import { grouped } from '@/components/ui/code'
import { DataTable } from '@/components/ui/data-table'
import { Section } from '@/components/ui/page-header'
import { nameOfField } from '@/lib/referrals/facts-schema'
import { isIdentifying } from '@/lib/referrals/rules'
import { REFERRAL_URGENCIES, type OfferedField } from '@/lib/referrals/schema'
import { fieldValues } from './field-values'

/** Fields that go along if they are ticked, each with what it holds and what allows it; nothing where there are none. */
export async function FieldBoxes({
  fields,
  label,
  hint,
}: {
  readonly fields: readonly OfferedField[]
  readonly label: string
  readonly hint: string
}) {
  if (fields.length === 0) return null
  return <CheckRows name="fields" label={label} hint={hint} choices={await offeredChoices(fields)} />
}

/** What the other agency sees at once. */
export async function FieldsAtOnce({ fields }: { readonly fields: readonly OfferedField[] }) {
  const t = await getTranslations('referrals.new')
  if (fields.length === 0) return null
  return (
    <Section title={t('now')}>
      <OfferedFields fields={fields} caption={t('now')} />
    </Section>
  )
}

/** What stays with the agency, and why: the end of the page. */
export async function FieldsThatStay({ fields }: { readonly fields: readonly OfferedField[] }) {
  const t = await getTranslations('referrals.new')
  if (fields.length === 0) return null
  return (
    <div className="mt-12">
      <Section title={t('stays')}>
        <OfferedFields fields={fields} caption={t('stays')} />
      </Section>
    </div>
  )
}

/** How soon the other agency has to answer. */
export async function UrgencyRows({ label }: { readonly label: string }) {
  const urgency = await getTranslations('ui.urgency')
  return (
    <RadioRows
      name="urgency"
      label={label}
      columns={3}
      choices={REFERRAL_URGENCIES.map((value) => ({ value, label: urgency(value) }))}
    />
  )
}

async function offeredChoices(fields: readonly OfferedField[]) {
  const t = await getTranslations('referrals')
  const write = await valueWriter()
  return fields.map((field) => ({
    value: field.field,
    label: t(`field.${nameOfField(field.field)}`),
    hint: (
      <>
        {write(field)}
        {' · '}
        {basisText(t, field)}
      </>
    ),
  }))
}

type Words = Awaited<ReturnType<typeof getTranslations<'referrals'>>>

function basisText(t: Words, { basis, basisCode }: OfferedField): string {
  return basis === null ? '' : t(`basis.${basis}`, { code: grouped(basisCode ?? '') })
}

async function valueWriter(): Promise<(field: OfferedField) => ReactNode> {
  const t = await getTranslations('referrals.new')
  const write = await fieldValues()
  return ({ field, value }) => (isIdentifying(field) ? t('hidden') : write(field, value))
}

/** Fields with what they hold and what allows them, or why they stay; identity stays shut. */
export async function OfferedFields({
  fields,
  caption,
}: {
  readonly fields: readonly OfferedField[]
  readonly caption: string
}) {
  const t = await getTranslations('referrals')
  const write = await valueWriter()
  return (
    <DataTable
      caption={caption}
      isCaptionHidden
      rows={fields}
      rowKey={({ field }) => field}
      columns={[
        { key: 'field', head: t('new.field'), cell: ({ field }) => t(`field.${nameOfField(field)}`) },
        { key: 'value', head: t('new.value'), cell: write },
        {
          key: 'why',
          head: t('new.why'),
          cell: (field) => (field.reason === null ? basisText(t, field) : t(`why.${field.reason}`)),
        },
      ]}
      empty={null}
    />
  )
}
