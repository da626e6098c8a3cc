import { getTranslations } from 'next-intl/server'
import { ActionForm } from '@/components/ui/form'
import { TextInput } from '@/components/ui/text-input'
import type { TokenView } from '@/lib/agencies/account-schema'
import { initialForm } from '@/lib/forms/initial-form'
import { getFormat } from '@/lib/i18n/get-format'
import { createTokenAction, endTokenAction } from './actions'

/** One's own API tokens, and a form for a new one. */
export async function TokenList({ tokens }: { readonly tokens: readonly TokenView[] }) {
  const t = await getTranslations('profile.token')
  const format = await getFormat()
  return (
    <div className="grid gap-6">
      <p className="measure text-ink-2">{t('explain')}</p>
      {tokens.length === 0 ? null : (
        <ul className="grid">
          {await Promise.all(
            tokens.map(async ({ id, name, expiresAt, lastUsedAt }, index) => (
              <li
                key={id}
                className="flex flex-wrap items-center justify-between gap-x-6 gap-y-2 border-b border-line py-cell"
              >
                <div>
                  <p className="font-semibold">
                    <bdi>{name}</bdi>
                  </p>
                  <p className="text-note text-ink-2">
                    {t('until', { when: format.moment(expiresAt) })}
                    {' · '}
                    {lastUsedAt === null ? t('never_used') : t('used', { when: format.moment(lastUsedAt) })}
                  </p>
                </div>
                <ActionForm
                  action={endTokenAction}
                  initial={await initialForm()}
                  submit={t('end')}
                  tone="secondary"
                  hidden={{ token: id }}
                  label={t('end_name', { name, number: index + 1 })}
                />
              </li>
            )),
          )}
        </ul>
      )}
      <ActionForm
        action={createTokenAction}
        initial={await initialForm({ days: '90' })}
        submit={t('submit')}
        label={t('new')}
      >
        <TextInput name="name" label={t('name.label')} hint={t('name.hint')} maxLength={80} />
        <TextInput name="days" label={t('days.label')} inputMode="numeric" width="xs" maxLength={3} />
      </ActionForm>
    </div>
  )
}
