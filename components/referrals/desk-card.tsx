import { useTranslations } from 'next-intl'
import { CategoryTile } from '@/components/assistance/category-tile'
import { UrgencyFlag } from '@/components/assistance/urgency-flag'
import { cx } from '@/components/ui/class-names'
import { Code } from '@/components/ui/code'
import { AppLink } from '@/components/ui/link'
import { BAR_TONE } from '@/components/ui/tones'
import type { DeskCard } from '@/lib/referrals/desk/schema'
import { PauseNote, ReferralClock } from './referral-clock'

/** A referral that waits, on the desk's board: its clock first, then what and between whom. */
export function DeskCardItem({ card }: { readonly card: DeskCard }) {
  const isLate = card.clock?.standing === 'late'
  return (
    <li
      className={cx(
        'grid gap-2 rounded-md border border-line bg-surface p-3',
        isLate && cx('border-s-4', BAR_TONE.stop),
      )}
    >
      <ReferralClock clock={card.clock} />
      <PauseNote of={card} />
      <Unplaced card={card} />
      <AwaitsBasis card={card} />
      <div className="flex flex-wrap items-center justify-between gap-2">
        <AppLink href={`/desk/${card.code}`} className="font-semibold text-action-ink underline">
          <Code code={card.code} />
        </AppLink>
        <UrgencyFlag urgency={card.urgency} />
      </div>
      <TypeTile card={card} />
      <Between card={card} />
    </li>
  )
}

/** What kind of help it is about. */
export function TypeTile({ card: { category, type } }: { readonly card: DeskCard }) {
  const t = useTranslations('mandate')
  return <CategoryTile category={category} label={t(`types.${category}.${type}` as 'types.legal.information_advice')} />
}

/** From which agency to which. */
export function Between({ card: { fromAgencyName, toAgencyName } }: { readonly card: DeskCard }) {
  const t = useTranslations('desk')
  return <p className="text-note text-ink-2">{t('between', { from: fromAgencyName, to: toAgencyName })}</p>
}

/** That it waits for its sender: nobody is late to answer what nothing was shared of. */
export function AwaitsBasis({ card: { awaitsBasis, fromAgencyName } }: { readonly card: DeskCard }) {
  const t = useTranslations('desk')
  return awaitsBasis ? <p className="font-semibold">{t('awaits_basis', { agency: fromAgencyName })}</p> : null
}

/** Why it needs another agency, and how many others could take it. */
export function Unplaced({ card: { state, declineReason, fitting, withRoom } }: { readonly card: DeskCard }) {
  const t = useTranslations('desk')
  if (fitting === null) return null
  return (
    <p>
      <span className="font-semibold">
        {declineReason === null
          ? t(`unplaced.${state === 'expired' ? 'expired' : 'declined'}`)
          : t(`declined.${declineReason}`)}
      </span>
      <span className="block text-note text-ink-2">{t('fitting', { fitting, room: withRoom ?? 0 })}</span>
    </p>
  )
}
