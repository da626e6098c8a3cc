import type { ReactNode } from 'react'

export type Fact = { readonly label: ReactNode; readonly value: ReactNode }

/** Names and values of a record, as a description list. */
export function Facts({ facts, columns = 1 }: { readonly facts: readonly Fact[]; readonly columns?: 1 | 2 }) {
  return (
    <dl className={columns === 2 ? 'grid gap-x-8 md:grid-cols-2' : 'grid'}>
      {facts.map(({ label, value }, index) => (
        <div key={index} className="grid gap-x-4 border-b border-line py-cell sm:grid-cols-[minmax(8rem,14rem)_1fr]">
          <dt className="text-ink-2">{label}</dt>
          <dd className="min-w-0">{value}</dd>
        </div>
      ))}
    </dl>
  )
}

/** The facts of one line, parted by dots that no screen reader says. */
export function FactLine({ items }: { readonly items: readonly ReactNode[] }) {
  const shown = items.filter((item) => item !== null && item !== undefined && item !== '')
  return (
    <ul>
      {shown.map((item, index) => (
        <li key={index} className="inline">
          {item}
          {index < shown.length - 1 ? (
            <>
              <span aria-hidden="true" className="ms-1.5 me-0.5 text-ink-3">
                ·
              </span>
              {/* Where the line may break: without a space two facts would hang together. */}{' '}
            </>
          ) : null}
        </li>
      ))}
    </ul>
  )
}
