import { getTranslations } from 'next-intl/server'
import { ActionForm } from '@/components/ui/form'
import { NetworkPlace } from '@/components/ui/network-place'
import { Section } from '@/components/ui/page-header'
import type { MemberSecurityView } from '@/lib/agencies/member-security-schema'
import { initialForm } from '@/lib/forms/initial-form'
import { getFormat } from '@/lib/i18n/get-format'
import { endMemberSessionAction, resetFactorsAction, sendPasswordResetAction } from '../actions'

type MemberSecurityProps = { readonly member: string; readonly security: MemberSecurityView }

/** How a colleague signs in, with what their administrator can do when a phone is lost or stolen. */
export async function MemberSecurity({ member, security: { sessions, factors } }: MemberSecurityProps) {
  const t = await getTranslations('agencies.security')
  const session = await getTranslations('profile.session')
  const format = await getFormat()
  const { asked } = factors
  const hasFactor = factors.apps + factors.passkeys > 0
  return (
    <>
      <Section title={t('sessions')}>
        {sessions.length === 0 ? <p className="measure text-ink-2">{t('no_sessions')}</p> : null}
        <ul className="grid">
          {await Promise.all(
            sessions.map(async ({ handle, startedAt, seenAt, network }, index) => (
              <li
                key={handle}
                className="flex flex-wrap items-center justify-between gap-x-6 gap-y-2 border-b border-line py-cell"
              >
                <div>
                  <p>{session('since', { when: format.moment(startedAt) })}</p>
                  <p className="text-note text-ink-2">
                    {session('seen', { when: format.moment(seenAt) })}
                    {network === null ? null : (
                      <>
                        {' · '}
                        <NetworkPlace network={network} />
                      </>
                    )}
                  </p>
                </div>
                <ActionForm
                  action={endMemberSessionAction}
                  initial={await initialForm()}
                  submit={session('end')}
                  tone="secondary"
                  hidden={{ member, session: handle }}
                  label={session('end_since', { when: format.moment(startedAt), number: index + 1 })}
                />
              </li>
            )),
          )}
        </ul>
      </Section>
      <Section title={t('password')}>
        <p className="measure mb-4">{t('password_explain')}</p>
        <ActionForm
          action={sendPasswordResetAction}
          initial={await initialForm()}
          submit={t('send_reset')}
          tone="secondary"
          hidden={{ member }}
          label={t('password')}
        />
      </Section>
      <Section title={t('factor')}>
        <p className="measure mb-4">
          {hasFactor
            ? t('factor_has', { apps: factors.apps, passkeys: factors.passkeys, codes: factors.codesLeft })
            : t(factors.required ? 'factor_missing' : 'factor_none')}
        </p>
        {!hasFactor ? null : asked?.byMe === true ? (
          <p className="measure">{t('factor_waits', { when: format.moment(asked.at) })}</p>
        ) : (
          <>
            <p className="measure mb-4">
              {asked === null
                ? t('factor_explain')
                : t('factor_asked_by', { name: asked.by, when: format.moment(asked.at) })}
            </p>
            <ActionForm
              action={resetFactorsAction}
              initial={await initialForm()}
              submit={asked === null ? t('factor_ask') : t('factor_remove')}
              tone={asked === null ? 'secondary' : 'stop'}
              hidden={{ member }}
              label={t('factor')}
            />
          </>
        )}
      </Section>
    </>
  )
}
