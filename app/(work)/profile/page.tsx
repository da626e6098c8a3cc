import { getTranslations } from 'next-intl/server'
import { notFound } from 'next/navigation'
import { orMissing, titleOrMissing } from '@/components/layout/or-missing'
import { Button } from '@/components/ui/button'
import { Facts } from '@/components/ui/facts'
import { AppLink } from '@/components/ui/link'
import { PageHeader, Section } from '@/components/ui/page-header'
import type { Actor } from '@/lib/access/actor'
import { holds } from '@/lib/access/permissions'
import { viewAccount } from '@/lib/agencies/account-service'
import { viewOwnProvider } from '@/lib/auth/provider/service'
import { currentSignInState, requireSession } from '@/lib/auth/factor-session'
import { listOwnFactors } from '@/lib/auth/factors'
import { requireActor } from '@/lib/auth/require-actor'
import { getFormat } from '@/lib/i18n/get-format'
import { FactorList } from './factor-list'
import { PasswordForm } from './password-form'
import { SessionList } from './session-list'
import { SettingsForm } from './settings-form'
import { TokenList } from './token-list'

export const generateMetadata = titleOrMissing(ProfilePage, async () => {
  const t = await getTranslations('profile')
  return { title: t('page_title') }
})

export default orMissing(ProfilePage)

async function ProfilePage() {
  const actor = await requireActor()
  const found = await viewAccount(actor)
  if (!found.ok) notFound()
  const { sessions, tokens } = found.value
  const factors = await listOwnFactors(await requireSession())
  const state = await currentSignInState()
  const t = await getTranslations()
  const format = await getFormat()
  return (
    <>
      <PageHeader title={t('profile.title')} />
      <div className="mb-12 grid gap-4">
        <Facts
          facts={[
            { label: t('agencies.member.name.label'), value: <bdi>{actor.displayName}</bdi> },
            { label: t('agencies.member.email.label'), value: <bdi dir="ltr">{actor.email}</bdi> },
            { label: t('profile.agency'), value: <bdi>{actor.agencyName}</bdi> },
            {
              label: t('agencies.member.roles.label'),
              value: format.list(actor.roles.map((role) => t(`agencies.role.${role}`))),
            },
          ]}
        />
        {holds(actor, 'absence:set') ? (
          <p>
            <AppLink href="/profile/absence">{t('staffing.absence.own')}</AppLink>
          </p>
        ) : null}
        <form method="post" action="/sign-out">
          <Button>{t('shell.sign_out')}</Button>
        </form>
      </div>
      <Section title={t('profile.settings.title')}>
        <SettingsForm actor={actor} />
      </Section>
      <Section title={t('profile.session.title')}>
        <SessionList sessions={sessions} />
      </Section>
      <Section title={t('profile.factor.title')}>
        <FactorList factors={factors} codesLeft={state?.codesLeft ?? 0} />
      </Section>
      <Section title={t('profile.password.title')}>
        <PasswordForm />
      </Section>
      <AgencySignIn actor={actor} />
      <Section title={t('profile.token.title')}>
        <TokenList tokens={tokens} />
      </Section>
    </>
  )
}

/** The way to the member's link with their agency's own place to sign in, where it has one. */
async function AgencySignIn({ actor }: { readonly actor: Actor }) {
  const own = await viewOwnProvider(actor)
  if (!own.ok || own.value === null) return null
  const t = await getTranslations('auth.provider')
  return (
    <Section title={t('own.title')}>
      <AppLink href="/profile/agency-sign-in" className="text-action-ink underline">
        {own.value.linkedAt === null ? t('own.link') : t('own.manage', { host: own.value.host })}
      </AppLink>
    </Section>
  )
}
