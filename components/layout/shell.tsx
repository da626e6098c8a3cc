import { useTranslations } from 'next-intl'
import type { ReactNode } from 'react'
import { buttonClass } from '@/components/ui/button-class'
import { Icon } from '@/components/ui/icon'
import { AppLink } from '@/components/ui/link'
import { PrintHint } from '@/components/ui/print-hint'
import type { Actor } from '@/lib/access/actor'
import { LEAVE_ADDRESS } from './leave-address'
import { NavList, type NavEntry } from './nav-list'
import { firstPage, navigationFor, type NavItem, type NavKey } from './navigation'
import { SearchField } from './search-field'
import { ShellScript } from './shell-script'
import { shellTexts } from './shell-texts'

export type ShellMember = Pick<
  Actor,
  'roles' | 'displayName' | 'agencyName' | 'productName' | 'demonstration' | 'idleMinutes' | 'leaveUrl' | 'shortcuts'
>

type ShellProps = {
  readonly member: ShellMember
  /** How much waits, by menu item; shown beside the word. */
  readonly counts?: Partial<Record<NavKey, number>>
  /** How many notices the member has not read. */
  readonly unread?: number | null
  /** "as of 14:02, reload" */
  readonly live?: ReactNode
  readonly children: ReactNode
}

/** The frame of every page after sign-in: header, menu by role, the ways to leave. All of it works without a script. */
export function Shell({ member, counts = {}, unread = 0, live, children }: ShellProps) {
  const t = useTranslations('shell')
  const { menu, bar } = navigationFor(member.roles)
  const maySearch = menu.some(({ key }) => key === 'find')
  const product = member.productName ?? t('product')
  const entries = (items: readonly NavItem[]) => items.map((item) => entryOf(item, counts[item.key], t))
  const barEntries = entries(bar).map((entry) => (entry.key === 'log' ? { ...entry, label: t('log_short') } : entry))
  return (
    <div className="flex min-h-dvh flex-col max-lg:[--bar:3.5rem]">
      <a
        href="#content"
        className="no-print absolute start-2 top-2 z-50 -translate-y-20 rounded-md bg-ink px-4 py-2 text-page focus:translate-y-0"
      >
        {t('skip')}
      </a>
      <form method="post" action="/leave" className="no-print" data-leave>
        <button
          type="submit"
          className="absolute start-2 top-2 z-50 -translate-y-20 rounded-md bg-ink px-4 py-2 text-page focus:translate-y-0"
        >
          {t('leave_now')}
        </button>
      </form>
      {/* Without a box of its own, so that the bar in it sticks to the window and the strip doesn't. */}
      <header className="contents">
        {member.demonstration ? (
          <p className="no-print bg-info-soft px-4 py-0.5 text-center text-note text-info-ink">{t('demonstration')}</p>
        ) : null}
        <div className="no-print sticky top-0 z-30 border-b border-line bg-surface">
          <div className="mx-auto flex h-12 max-w-[94rem] items-center gap-3 px-4 lg:h-14 lg:gap-4">
            <AppLink
              href={firstPage(member.roles)}
              pending={false}
              className="flex min-w-0 flex-none items-baseline gap-2 text-ink no-underline"
            >
              <span className="text-lead font-semibold">{product}</span>
              <span className="hidden max-w-56 truncate text-note text-ink-2 md:inline">{member.agencyName}</span>
            </AppLink>
            {maySearch ? (
              <div className="mx-auto hidden w-full max-w-md md:block">
                <SearchField />
              </div>
            ) : null}
            <div className="ms-auto flex flex-none items-center gap-2 lg:gap-3">
              {live}
              {maySearch ? (
                <AppLink
                  href="/persons/find"
                  className="inline-flex size-11 items-center justify-center text-ink-2 md:hidden"
                  aria-label={t('search.label')}
                  pending={false}
                >
                  <Icon name="search" />
                </AppLink>
              ) : null}
              <AppLink
                href="/inbox"
                pending={false}
                className="inline-flex min-h-9 items-center gap-1.5 rounded-md px-2 text-ink no-underline hover:bg-sunken pointer-coarse:min-h-11"
              >
                {t('inbox.label')}
                <span
                  data-unread
                  className="peer rounded-full bg-action-soft px-1.5 text-note text-action-ink tabular-nums empty:hidden"
                >
                  {unread === 0 || unread === null ? '' : String(unread)}
                </span>
                <span className="unseen peer-empty:hidden"> {t('inbox.unread')}</span>
              </AppLink>
              <MemberMenu name={member.displayName} />
              <form method="post" action="/leave" data-leave>
                <button type="submit" className={buttonClass('leave', 'sm')}>
                  {t('leave')}
                </button>
              </form>
            </div>
          </div>
        </div>
      </header>
      <div className="mx-auto flex w-full max-w-[94rem] flex-1">
        <nav
          aria-label={t('menu')}
          className="no-print sticky top-14 hidden h-[calc(100dvh-3.5rem)] w-56 flex-none overflow-y-auto py-4 lg:block"
        >
          <NavList entries={entries(menu)} layout="column" />
        </nav>
        <main
          id="content"
          tabIndex={-1}
          className="min-w-0 flex-1 border-line px-4 pt-4 pb-36 outline-none sm:px-6 lg:border-s lg:px-8 lg:pt-6 lg:pb-16"
        >
          <PrintHint />
          <div className="max-w-7xl">{children}</div>
        </main>
      </div>
      <nav
        aria-label={t('menu')}
        className="no-print fixed inset-x-0 bottom-0 z-30 border-t border-line bg-surface lg:hidden"
      >
        <NavList entries={barEntries} layout="bar" />
      </nav>
      <ShellScript
        idleMinutes={member.idleMinutes}
        leaveAddress={member.leaveUrl ?? LEAVE_ADDRESS}
        shortcuts={member.shortcuts}
        pages={[
          ...menu.map(({ key, href }) => ({ label: t(`nav.${key}`), href })),
          ...(menu.some(({ key }) => key === 'turnedAway')
            ? [{ label: t('turn_away'), href: '/turned-away/new' }]
            : []),
        ]}
        logs={menu.some(({ key }) => key === 'log')}
        texts={shellTexts(t)}
        button={buttonClass('primary')}
      />
    </div>
  )
}

/** A fold, so that it opens without a script; the profile page holds the same and more. */
function MemberMenu({ name }: { readonly name: string }) {
  const t = useTranslations('shell')
  return (
    <details className="relative hidden md:block" data-menu>
      <summary className="flex min-h-9 list-none items-center gap-1 rounded-md px-2 hover:bg-sunken pointer-coarse:min-h-11">
        <span className="max-w-40 truncate">{name}</span>
        <Icon name="chevron-down" size="sm" />
      </summary>
      <div className="absolute end-0 z-40 mt-1 grid min-w-56 rounded-lg border border-edge bg-raised p-1 shadow-float">
        <AppLink
          href="/profile"
          className="flex min-h-11 items-center rounded-md px-3 text-ink no-underline hover:bg-action-soft"
        >
          {t('profile')}
        </AppLink>
        <form method="post" action="/sign-out">
          <button
            type="submit"
            className="flex min-h-11 w-full items-center rounded-md px-3 text-start hover:bg-action-soft"
          >
            {t('sign_out')}
          </button>
        </form>
      </div>
    </details>
  )
}

function entryOf(item: NavItem, count: number | undefined, t: ReturnType<typeof useTranslations<'shell'>>): NavEntry {
  const base = {
    key: item.key,
    href: item.href,
    label: t(`nav.${item.key}`),
    icon: <Icon name={item.icon} />,
    isAct: item.isAct === true,
  }
  return count === undefined || count === 0
    ? base
    : { ...base, count: String(count), countText: t('waiting', { count }) }
}
