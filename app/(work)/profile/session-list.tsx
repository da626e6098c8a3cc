import { getTranslations } from 'next-intl/server'
import { ActionForm } from '@/components/ui/form'
import { NetworkPlace } from '@/components/ui/network-place'
import type { SessionView } from '@/lib/agencies/account-schema'
import { initialForm } from '@/lib/forms/initial-form'
import { getFormat } from '@/lib/i18n/get-format'
import { endSessionAction } from './actions'
import { endOtherSessionsAction } from './factor-actions'

/** Where one is signed in, each with a way to end it. */
export async function SessionList({ sessions }: { readonly sessions: readonly SessionView[] }) {
  const t = await getTranslations('profile.session')
  const format = await getFormat()
  return (
    <div className="grid gap-6">
      <ul className="grid">
        {await Promise.all(
          sessions.map(async ({ handle, startedAt, seenAt, network, isThis }, index) => (
            <li
              key={handle}
              className="flex flex-wrap items-center justify-between gap-x-6 gap-y-2 border-b border-line py-cell"
            >
              <div>
                <p className={isThis ? 'font-semibold' : undefined}>
                  {isThis ? t('this') : t('since', { when: format.moment(startedAt) })}
                </p>
                <p className="text-note text-ink-2">
                  {t('seen', { when: format.moment(seenAt) })}
                  {network === null ? null : (
                    <>
                      {' · '}
                      <NetworkPlace network={network} />
                    </>
                  )}
                </p>
              </div>
              {isThis ? null : (
                <ActionForm
                  action={endSessionAction}
                  initial={await initialForm()}
                  submit={t('end')}
                  tone="secondary"
                  hidden={{ session: handle }}
                  label={t('end_since', { when: format.moment(startedAt), number: index + 1 })}
                />
              )}
            </li>
          )),
        )}
      </ul>
      {sessions.length < 2 ? null : (
        <ActionForm
          action={endOtherSessionsAction}
          initial={await initialForm()}
          submit={t('end_others')}
          tone="secondary"
          label={t('end_others')}
        />
      )}
    </div>
  )
}
