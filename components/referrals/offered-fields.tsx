import { getTranslations } from 'next-intl/server'
import type { ReactNode } from 'react'
import { DataTable } from '@/components/ui/data-table'
import { nameOfField } from '@/lib/referrals/facts-schema'
import { isIdentifying } from '@/lib/referrals/rules'
import type { OfferedField } from '@/lib/referrals/schema'
import { fieldValues } from './field-values'

/** Fields to choose from, each with what goes and what allows it. */
export async function offeredChoices(fields: readonly OfferedField[]) {
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
  return basis === null ? '' : t(`basis.${basis}`, { code: basisCode ?? '' })
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
