'use client'

import { useField } from '@/components/ui/form-context'

/** A value of a row that goes along unchanged, where the row has one. */
export function KeptValue({ name }: { readonly name: string }) {
  const field = useField(name)
  return field.value === '' ? null : <input type="hidden" name={field.name} value={field.value} />
}
