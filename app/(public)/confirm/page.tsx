import type { Metadata } from 'next'
import { getTranslations } from 'next-intl/server'
import { ActionForm } from '@/components/ui/form'
import { PageHeader } from '@/components/ui/page-header'
import { PasswordInput } from '@/components/ui/password-input'
import type { Actor } from '@/lib/access/actor'
import { currentSignInState } from '@/lib/auth/factor-session'
import { viewOwnProvider } from '@/lib/auth/provider/service'
import { requireActor } from '@/lib/auth/require-actor'
import { pathToReturnTo } from '@/lib/auth/return-path'
import { initialForm } from '@/lib/forms/initial-form'
import { AnswerForms } from '../mfa/answer-forms'
import { confirmAtProviderAction } from '../sign-in/agency/actions'
import { confirmAction, confirmByCodeAction, confirmByPasskeyAction } from './actions'

export async function generateMetadata(): Promise<Metadata> {
  const t = await getTranslations('auth.confirm')
  return { title: t('page_title') }
}

/** Stands between a form and what it asks for, where a session left open must not be enough. */
export default async function ConfirmPage({ searchParams }: PageProps<'/confirm'>) {
  const { next } = await searchParams
  const actor = await requireActor()
  const path = pathToReturnTo(typeof next === 'string' ? next : null)
  const state = await currentSignInState()
  const t = await getTranslations('auth')
  const cancel = { href: path, label: t('confirm.back') }
  return (
    <>
      <PageHeader title={t('confirm.title')} />
      <p className="measure mb-6">{t('confirm.explain')}</p>
      {state !== null && state.apps + state.passkeys > 0 ? (
        <AnswerForms
          state={state}
          path={path}
          codeAction={confirmByCodeAction}
          passkeyAction={confirmByPasskeyAction}
          submit={t('confirm.submit')}
          cancel={cancel}
        />
      ) : (
        <ActionForm
          action={confirmAction}
          initial={await initialForm()}
          submit={t('confirm.submit')}
          cancel={cancel}
          hidden={{ next: path }}
        >
          <PasswordInput name="password" label={t('password.label')} autoComplete="current-password" focusFirst />
        </ActionForm>
      )}
      <AtProvider actor={actor} next={path} />
    </>
  )
}

/** The other way for members who are linked to their agency's own place to sign in. */
async function AtProvider({ actor, next }: { readonly actor: Actor; readonly next: string }) {
  const own = await viewOwnProvider(actor)
  if (!own.ok) return null
  const provider = own.value
  if (provider?.linkedAt === undefined || provider.linkedAt === null) return null
  const t = await getTranslations('auth.provider')
  return (
    <div className="mt-8">
      <ActionForm
        action={confirmAtProviderAction}
        initial={await initialForm()}
        submit={t('confirm', { host: provider.host })}
        tone="secondary"
        hidden={{ next }}
      />
    </div>
  )
}
