/** Puts words into a text that has gaps: fillIn('{shown} of {total}', {shown: 20, total: 143}). */
export function fillIn(template: string, values: Readonly<Record<string, string | number>>): string {
  return template.replace(/\{(\w+)\}/g, (gap, name: string) => String(values[name] ?? gap))
}
