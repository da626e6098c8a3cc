import 'server-only'
import type { FormAction, FormState } from '@/lib/forms/form-state'
import { getKeyTranslator } from '@/lib/i18n/translate-key'
import type { Result } from '@/lib/platform/result'
import { invitationLink } from './invitation-link'

type Invited = { readonly secret: string }

/**
 * Answers a form with the link of the invitation that it made. The link stands in this answer and nowhere else: in no
 * address, no cookie, and not on the page when it is opened again. `message` is the key of a sentence with a `{link}`.
 */
export async function withInvitationLink(
  message: string,
  previous: FormState,
  data: FormData,
  actionOf: (keep: <T extends Invited>(result: Result<T>) => Result<T>) => FormAction,
): Promise<FormState> {
  let secret: string | undefined
  const state = await actionOf((result) => {
    if (result.ok) secret = result.value.secret
    return result
  })(previous, data)
  if (secret === undefined) return state
  const { text } = await getKeyTranslator()
  return { ...state, done: text(message, { link: invitationLink(secret) }) }
}
