import { getTranslations } from 'next-intl/server'
import { CategoryIcon } from '@/components/assistance/category-tile'
import { MandateChips } from '@/components/mandate/mandate-chip'
import { AppLink } from '@/components/ui/link'
import { Timeline, type TimelineEvent } from '@/components/ui/timeline'
import type { IconName } from '@/components/ui/icon'
import { getFormat } from '@/lib/i18n/get-format'
import { CATEGORY_KEYS, type CategoryKey } from '@/lib/mandate/categories'
import type { HappeningView, TimelineKind } from '@/lib/cases/log-schema'

const ICONS: Readonly<Record<TimelineKind, IconName>> = {
  service: 'clipboard-check',
  contact: 'message-circle',
  need: 'circle-dashed',
  consent: 'handshake',
  case: 'folder',
}

/** What happened on a case, newest first, by day. */
export async function HappeningList({
  items,
  caseCode,
}: {
  readonly items: readonly HappeningView[]
  readonly caseCode: string
}) {
  const format = await getFormat()
  const days = [...new Set(items.map(({ day }) => day))]
  const groups = await Promise.all(
    days.map(async (day) => ({
      key: day,
      day: format.day(day, 'weekday'),
      events: await Promise.all(items.filter((item) => item.day === day).map((item) => eventOf(item, caseCode))),
    })),
  )
  return <Timeline days={groups} />
}

async function eventOf(item: HappeningView, caseCode: string): Promise<TimelineEvent> {
  const format = await getFormat()
  const href = hrefOf(item, caseCode)
  const text = await textOf(item)
  const category = CATEGORY_KEYS.find((key): key is CategoryKey => key === item.category)
  return {
    key: [item.kind, item.code, item.state].join(' '),
    icon: ICONS[item.kind],
    what: (
      <span className="inline-flex items-center gap-2">
        {category === undefined ? null : <CategoryIcon category={category} size="sm" />}
        {href === null ? text : <AppLink href={href}>{text}</AppLink>}
      </span>
    ),
    by: item.by,
    time: item.at === null ? '' : format.time(new Date(item.at)),
    ...(item.paragraphs.length === 0
      ? {}
      : { chips: <MandateChips paragraphs={item.paragraphs.map((paragraph) => ({ paragraph }))} /> }),
  }
}

function hrefOf({ kind, code }: HappeningView, caseCode: string): string | null {
  if (kind === 'service') return `/cases/${caseCode}/services/${code}`
  if (kind === 'contact') return `/cases/${caseCode}/contacts/${code}`
  if (kind === 'consent') return `/cases/${caseCode}/consents/${code}`
  return kind === 'need' ? `/cases/${caseCode}/needs` : null
}

async function textOf(item: HappeningView): Promise<string> {
  const t = await getTranslations()
  type Key = Parameters<typeof t>[0]
  // Codes of records may be newer than the words for them: then the code itself is shown.
  const words = (key: string, otherwise: string) => (t.has(key as Key) ? t(key as Key) : otherwise)
  const state = item.state ?? ''
  const type = words(
    `mandate.types.${item.category ?? ''}.${item.what}`,
    words(`mandate.categories.${item.what}`, item.what),
  )
  switch (item.kind) {
    case 'service':
      return t('cases.timeline.service', { type, state: words(`cases.timeline.states.${state}`, state) })
    case 'need':
      return t('cases.timeline.need', { type })
    case 'contact':
      return t('cases.timeline.contact', { kind: words(`cases.timeline.contact_kinds.${item.what}`, item.what) })
    case 'consent':
      return t(`cases.timeline.consent.${state as 'given' | 'refused' | 'withdrawn'}`, {
        purpose: words(`networks.purpose.${item.what}`, item.what),
      })
    case 'case':
      return words(`cases.timeline.events.${item.what}`, item.what)
  }
}
