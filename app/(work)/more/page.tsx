import type { Metadata } from 'next'
import { getTranslations } from 'next-intl/server'
import { navigationFor } from '@/components/layout/navigation'
import { Button } from '@/components/ui/button'
import { Icon } from '@/components/ui/icon'
import { AppLink } from '@/components/ui/link'
import { PageHeader } from '@/components/ui/page-header'
import { requireActor } from '@/lib/auth/require-actor'

export async function generateMetadata(): Promise<Metadata> {
  const t = await getTranslations('profile')
  return { title: t('more_title') }
}

/** Every page that the member's roles have; on phones the bar holds only some of them. */
export default async function MorePage() {
  const actor = await requireActor()
  const t = await getTranslations('shell')
  const items = navigationFor(actor.roles).menu.filter(({ key }) => key !== 'more')
  return (
    <>
      <PageHeader title={t('nav.more')} />
      <ul className="grid max-w-xl">
        {items.map(({ key, href, icon }) => (
          <MoreItem key={key} href={href} icon={<Icon name={icon} />} label={t(`nav.${key}`)} />
        ))}
        <MoreItem href="/complaints/member" icon={<Icon name="message-circle" />} label={t('complain')} />
        <MoreItem href="/profile" icon={<Icon name="user" />} label={t('profile')} />
      </ul>
      <form method="post" action="/sign-out" className="mt-8">
        <Button>{t('sign_out')}</Button>
      </form>
    </>
  )
}

type MoreItemProps = { readonly href: string; readonly icon: React.ReactNode; readonly label: string }

function MoreItem({ href, icon, label }: MoreItemProps) {
  return (
    <li className="border-b border-line">
      <AppLink href={href} className="flex min-h-control items-center gap-3 py-2 text-action-ink">
        {icon}
        {label}
      </AppLink>
    </li>
  )
}
