import { useTranslations } from 'next-intl'
import { cx } from '@/components/ui/class-names'
import type { MatrixCell } from '@/lib/referrals/desk/schema'

/** More would be no picture. */
const MOST_AGENCIES = 12
// No darker, so that the numbers stay readable on both themes.
const SHADES = ['', 'bg-action/10', 'bg-action/20', 'bg-action/25', 'bg-action/35'] as const

/** Who refers to whom: rows refer to columns, the darker the more. The agencies with the most referrals. */
export function ReferralMatrix({ cells }: { readonly cells: readonly MatrixCell[] }) {
  const t = useTranslations('desk.network')
  const agencies = busiest(cells)
  const most = Math.max(1, ...cells.map(({ sent }) => sent))
  const sentBetween = (from: string, to: string) =>
    cells.find((cell) => cell.from === from && cell.to === to)?.sent ?? 0
  return (
    // eslint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- what scrolls sideways must be reached by keyboard too
    <div className="mb-6 max-w-full overflow-x-auto" tabIndex={0} role="region" aria-label={t('drawn')}>
      <table className="border-collapse text-note">
        <caption className="pb-2 text-start text-ink-2">{t('drawn_help')}</caption>
        <thead>
          <tr>
            <th scope="col" className="p-2 text-start">
              {t('from')}
            </th>
            {agencies.map(([key, name]) => (
              <th key={key} scope="col" className="max-w-24 p-2 text-start align-bottom font-normal">
                {name}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {agencies.map(([from, name]) => (
            <tr key={from} className="border-t border-line">
              <th scope="row" className="p-2 text-start font-normal">
                {name}
              </th>
              {agencies.map(([to]) => {
                const sent = sentBetween(from, to)
                return (
                  <td
                    key={to}
                    className={cx('border border-line p-2 text-center', SHADES[Math.ceil((sent / most) * 4)])}
                  >
                    {sent === 0 ? <span aria-hidden="true">·</span> : sent}
                  </td>
                )
              })}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  )
}

function busiest(cells: readonly MatrixCell[]): readonly (readonly [key: string, name: string])[] {
  const found = new Map<string, { name: string; n: number }>()
  const add = (key: string, name: string, n: number) => found.set(key, { name, n: (found.get(key)?.n ?? 0) + n })
  for (const { from, fromName, to, toName, sent } of cells) {
    add(from, fromName, sent)
    add(to, toName, sent)
  }
  return [...found]
    .sort(([one, a], [other, b]) => b.n - a.n || (one < other ? -1 : 1))
    .slice(0, MOST_AGENCIES)
    .map(([key, { name }]) => [key, name])
}
