import { getTranslations } from 'next-intl/server'
import { PasskeyField } from '@/components/auth/passkey-field'
import { ActionForm } from '@/components/ui/form'
import { TextInput } from '@/components/ui/text-input'
import type { SignInState } from '@/lib/auth/factor-schema'
import type { FormAction } from '@/lib/forms/form-state'
import { initialForm } from '@/lib/forms/initial-form'
import { passkeyRequestAction } from './actions'

type AnswerFormsProps = {
  readonly state: Pick<SignInState, 'passkeys'>
  /** Where to go afterwards. */
  readonly path: string
  readonly codeAction: FormAction
  readonly passkeyAction: FormAction
  readonly submit: string
  readonly cancel?: { readonly href: string; readonly label: string }
}

/** The ways to show one's second factor: a passkey where there is one, and a code, which may be a recovery code. */
export async function AnswerForms({ state, path, codeAction, passkeyAction, submit, cancel }: AnswerFormsProps) {
  const t = await getTranslations('auth')
  const hasPasskey = state.passkeys > 0
  return (
    <div className="grid gap-10">
      {hasPasskey ? (
        <ActionForm
          action={passkeyAction}
          initial={await initialForm()}
          submit={t('passkey.use')}
          hidden={{ next: path }}
          label={t('mfa.passkey_title')}
        >
          <PasskeyField
            kind="show"
            options={passkeyRequestAction}
            texts={{ asking: t('passkey.asking'), failed: t('passkey.failed'), unsupported: t('passkey.unsupported') }}
          />
        </ActionForm>
      ) : null}
      <ActionForm
        action={codeAction}
        initial={await initialForm()}
        submit={submit}
        tone={hasPasskey ? 'secondary' : 'primary'}
        hidden={{ next: path }}
        label={t('code.label')}
        {...(cancel === undefined ? {} : { cancel })}
      >
        <TextInput
          name="code"
          label={t('code.label')}
          hint={t('code.hint')}
          autoComplete="one-time-code"
          maxLength={40}
          width="sm"
          focusFirst={!hasPasskey}
        />
      </ActionForm>
    </div>
  )
}
