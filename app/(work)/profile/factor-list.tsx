import { getTranslations } from 'next-intl/server'
import { LinkButton } from '@/components/ui/button'
import { ActionForm } from '@/components/ui/form'
import type { FactorView } from '@/lib/auth/factor-schema'
import { initialForm } from '@/lib/forms/initial-form'
import { getFormat } from '@/lib/i18n/get-format'
import { removeFactorAction } from './factor-actions'

type FactorListProps = { readonly factors: readonly FactorView[]; readonly codesLeft: number }

/** One's own second factors, each with a way to remove it, and the ways to add one. */
export async function FactorList({ factors, codesLeft }: FactorListProps) {
  const t = await getTranslations('profile.factor')
  const format = await getFormat()
  return (
    <div className="grid gap-6">
      {factors.length === 0 ? <p className="measure text-ink-2">{t('none')}</p> : null}
      {factors.length === 0 ? null : (
        <ul className="grid">
          {await Promise.all(
            factors.map(async ({ id, kind, name, createdAt, lastUsedAt }, index) => {
              const shown = kind === 'app' ? t('app') : name
              return (
                <li
                  key={id}
                  className="flex flex-wrap items-center justify-between gap-x-6 gap-y-2 border-b border-line py-cell"
                >
                  <div className="min-w-0">
                    <p className="font-semibold break-words">
                      <bdi>{shown}</bdi>
                    </p>
                    <p className="text-note text-ink-2">
                      {t('added', { when: format.moment(createdAt) })}
                      {lastUsedAt === null ? null : <> · {t('used', { when: format.moment(lastUsedAt) })}</>}
                    </p>
                  </div>
                  <ActionForm
                    action={removeFactorAction}
                    initial={await initialForm()}
                    submit={t('remove')}
                    tone="secondary"
                    hidden={{ factor: id }}
                    label={t('remove_name', { name: shown, number: index + 1 })}
                  />
                </li>
              )
            }),
          )}
        </ul>
      )}
      {factors.length === 0 ? null : <p>{t('codes', { count: codesLeft })}</p>}
      <div className="flex flex-wrap gap-3">
        <LinkButton href="/mfa/app">{t('add_app')}</LinkButton>
        <LinkButton href="/mfa/passkey">{t('add_passkey')}</LinkButton>
        {factors.length === 0 ? null : <LinkButton href="/profile/recovery-codes">{t('make_codes')}</LinkButton>}
      </div>
    </div>
  )
}
