'use server'
import { readLink } from '@/lib/auth/link-cookie'
import { keepJourney } from '@/lib/auth/provider/journey-cookie'
import { chooseProviderInput, goOnInput, type Journey } from '@/lib/auth/provider/schema'
import { beginAsMember, beginAtProvider, beginToJoin, unlinkProvider } from '@/lib/auth/provider/service'
import { pathToReturnTo } from '@/lib/auth/return-path'
import { formAction, openFormAction } from '@/lib/forms/form-action'
import type { FormState } from '@/lib/forms/form-state'

const REASONS = { provider_away: 'auth.provider.away', invitation_gone: 'auth.invite.gone' }

/** Our own page with the way on: a form may lead nowhere else (`form-action 'self'`), a link may. */
const onward = async (journey: Journey): Promise<string> => {
  await keepJourney(journey)
  return '/sign-in/agency/continue'
}

export async function chooseProviderAction(previous: FormState, data: FormData): Promise<FormState> {
  const action = openFormAction(
    chooseProviderInput,
    ({ agency, next }) => beginAtProvider(agency, 'sign_in', pathToReturnTo(next)),
    { onOk: onward, reasons: REASONS },
  )
  return action(previous, data)
}

export async function joinThroughProviderAction(previous: FormState, data: FormData): Promise<FormState> {
  const action = openFormAction(goOnInput, async () => beginToJoin(await readLink('invitation')), {
    onOk: onward,
    reasons: REASONS,
  })
  return action(previous, data)
}

export async function confirmAtProviderAction(previous: FormState, data: FormData): Promise<FormState> {
  const action = formAction(goOnInput, (actor, { next }) => beginAsMember(actor, 'confirm', pathToReturnTo(next)), {
    onOk: onward,
    reasons: REASONS,
  })
  return action(previous, data)
}

export async function linkProviderAction(previous: FormState, data: FormData): Promise<FormState> {
  const action = formAction(goOnInput, (actor) => beginAsMember(actor, 'link', '/profile/agency-sign-in'), {
    onOk: onward,
    reasons: REASONS,
  })
  return action(previous, data)
}

export async function unlinkProviderAction(previous: FormState, data: FormData): Promise<FormState> {
  const action = formAction(goOnInput, (actor) => unlinkProvider(actor), {
    onOk: () => ({ to: '/profile/agency-sign-in', flash: { message: 'auth.provider.unlinked' } }),
    reasons: { last_way_in: 'auth.provider.last_way_in' },
  })
  return action(previous, data)
}
