'use server'

import { logForSeveralForm } from '@/lib/assistance/services/schema'
import { logForSeveral, viewSeveral } from '@/lib/assistance/services/several-service'
import { formAction } from '@/lib/forms/form-action'
import { submitOnce } from '@/lib/forms/submit-once'
import { refuse } from '@/lib/platform/result'
import { dayWords } from '../logged-flash'

export const logForSeveralAction = formAction(
  logForSeveralForm,
  async (actor, { codes: ticked, moreCodes = '', ...entry }, submission) => {
    const typed = moreCodes.split(/[\n,;，；]+/).filter((line) => line.trim() !== '')
    const codes = [...ticked, ...typed]
    if (codes.length === 0)
      return refuse('invalid', 'unknown_codes', { codes: ['assistance.service.several.required'] })
    if (codes.length > 100)
      return refuse('invalid', 'unknown_codes', { moreCodes: ['assistance.service.several.too_many'] })
    const input = { codes, ...entry }
    const logged = await submitOnce(actor, submission, {
      form: 'several',
      input,
      run: () => logForSeveral(actor, input),
      again: (made) => viewSeveral(actor, { service: made }),
    })
    if (logged.ok || logged.errors === undefined) return logged
    return { ...logged, errors: ontoFields(logged.errors, ticked.length) }
  },
  {
    follows: { type: 'category' },
    onOk: async ({ items }) => {
      const [first] = items
      const { when, terms } = await dayWords(first?.deliveredOn ?? '')
      return {
        to: '/services',
        flash: {
          message: 'assistance.service.logged_several',
          values: { count: items.length, ...when },
          terms: { type: `mandate.types.${first?.category ?? ''}.${first?.type ?? ''}`, ...terms },
          paragraphs: first?.mandate.map(({ paragraph }) => paragraph) ?? [],
        },
      }
    },
  },
)

/** Codes are one list for the service and two fields on the screen: those that were ticked come first. */
function ontoFields(
  errors: Readonly<Record<string, readonly string[]>>,
  ticked: number,
): Record<string, readonly string[]> {
  return Object.fromEntries(
    Object.entries(errors).map(([path, keys]) => {
      const index = /^codes\.(\d+)$/.exec(path)?.[1]
      return index === undefined ? [path, keys] : [Number(index) < ticked ? 'codes' : 'moreCodes', keys]
    }),
  )
}
