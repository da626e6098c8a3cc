import type { Metadata } from 'next'
import { getTranslations } from 'next-intl/server'
import { PasskeyField } from '@/components/auth/passkey-field'
import { ActionForm } from '@/components/ui/form'
import { PageHeader } from '@/components/ui/page-header'
import { TextInput } from '@/components/ui/text-input'
import { requireEnrolment } from '@/lib/auth/factor-session'
import { isWaiting } from '@/lib/auth/factors'
import { initialForm } from '@/lib/forms/initial-form'
import { addPasskeyAction, passkeyCreationAction } from '../actions'

export async function generateMetadata(): Promise<Metadata> {
  const t = await getTranslations('auth.add_passkey')
  return { title: t('page_title') }
}

/** Adds a passkey. This needs a script: only the browser can talk to it. */
export default async function AddPasskeyPage() {
  const state = await requireEnrolment('/mfa/passkey')
  const t = await getTranslations('auth')
  return (
    <>
      <PageHeader title={t('add_passkey.title')} />
      <p className="measure mb-6">{t('add_passkey.explain')}</p>
      <ActionForm
        action={addPasskeyAction}
        initial={await initialForm()}
        submit={t('passkey.add')}
        cancel={{ href: isWaiting(state) ? '/mfa' : '/profile' }}
      >
        <TextInput
          name="name"
          label={t('passkey.name')}
          hint={t('passkey.name_hint')}
          maxLength={60}
          width="md"
          focusFirst
        />
        <PasskeyField
          kind="add"
          options={passkeyCreationAction}
          texts={{ asking: t('passkey.asking'), failed: t('passkey.failed'), unsupported: t('passkey.unsupported') }}
        />
      </ActionForm>
    </>
  )
}
