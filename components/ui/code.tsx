/** A code in groups of three, as one reads it aloud: AMP-7K3 MQ2 XH4. */
export function grouped(code: string): string {
  const [prefix, signs] = code.split('-')
  return signs === undefined ? code : `${prefix ?? ''}-${signs.replace(/(.{3})(?=.)/g, '$1 ')}`
}

/** A record's code: monospaced, left to right in every language. */
export function Code({ code }: { readonly code: string }) {
  return (
    <bdi dir="ltr" translate="no" className="font-code whitespace-nowrap">
      {grouped(code)}
    </bdi>
  )
}
