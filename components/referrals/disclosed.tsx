import { getTranslations } from 'next-intl/server'
import { Facts } from '@/components/ui/facts'
import { nameOfField } from '@/lib/referrals/facts-schema'
import type { DisclosedField } from '@/lib/referrals/schema'
import { fieldValues } from './field-values'

/** Facts of a person that one agency shows another, field by field. */
export async function Disclosed({ fields }: { readonly fields: readonly DisclosedField[] }) {
  const t = await getTranslations('referrals.field')
  const write = await fieldValues()
  return (
    <Facts facts={fields.map(({ field, value }) => ({ label: t(nameOfField(field)), value: write(field, value) }))} />
  )
}
