/**
 * What may be kept of an error in the database and shown to an administrator: its kind and its code. Its message quotes
 * what people typed or what a mail server said of an address.
 */
export function errorClassOf(error: unknown): string {
  if (!(error instanceof Error)) return 'unknown'
  const fields = error as unknown as Readonly<Record<string, unknown>>
  const codes = [fields['code'], fields['responseCode']].filter(
    (code): code is string | number => typeof code === 'string' || typeof code === 'number',
  )
  const text = [error.name, ...codes].join(' ')
  return text.replace(/[^A-Za-z0-9_ -]/g, '').slice(0, 80) || 'unknown'
}
