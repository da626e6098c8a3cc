'use server'

import { grouped } from '@/components/ui/code'
import { revealAction } from '@/lib/forms/reveal-action'
import { glyphLanguage } from '@/lib/people/identity-rules'
import { listIdentities } from '@/lib/people/identity-service'
import { getKeyTranslator } from '@/lib/i18n/translate-key'
import { parseCode } from '@/lib/platform/ids'
import { ok } from '@/lib/platform/result'

/** Shows the names of a list's own rows, as one look that the log holds person by person. */
export const revealNamesAction = revealAction(async (actor, { subject }) => {
  const codes = subject.split(',').map((signs) => parseCode(signs, 'AMP'))
  const listed = await listIdentities(actor, { persons: codes.filter((code) => code !== null) })
  if (!listed.ok) return listed
  const { text } = await getKeyTranslator()
  return ok(
    listed.value.map(({ code, name }) => {
      const lang = name === null ? undefined : glyphLanguage(name.value)
      return {
        label: grouped(code),
        value: name?.value ?? text('cases.names.none'),
        ...(lang === undefined ? {} : { lang }),
      }
    }),
  )
})
