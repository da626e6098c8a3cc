import { getTranslations } from 'next-intl/server'
import type { ReactNode } from 'react'
import { DataTable } from '@/components/ui/data-table'
import { nameOfField } from '@/lib/referrals/facts-schema'
import { isIdentifying } from '@/lib/referrals/rules'
import type { OfferedField } from '@/lib/referrals/schema'
import { fieldValues } from './field-values'

type Words = Awaited<ReturnType<typeof getTranslations<'referrals'>>>

/** What lets a field go, in words. */
export function basisText(t: Words, { basis, basisCode }: OfferedField): string {
  return basis === null ? '' : t(`basis.${basis}`, { code: basisCode ?? '' })
}

/** What of a fact the sender sees beforehand; what identifies stays shut. */
export async function valueWriter(): Promise<(field: OfferedField) => ReactNode> {
  const t = await getTranslations('referrals.new')
  const write = await fieldValues()
  return ({ field, value }) => (isIdentifying(field) ? t('hidden') : write(field, value))
}

/** Fields that an agency would see, or would not, with what goes and why. */
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
