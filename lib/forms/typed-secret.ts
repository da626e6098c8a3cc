/**
 * A password as it was typed. Other fields lose the spaces around them on their way to the schema; a password keeps
 * every sign, or two different ones would be the same.
 */
export function typedSecret(data: FormData, name: string): string {
  const value = data.get(name)
  return typeof value === 'string' ? value : ''
}
