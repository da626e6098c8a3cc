'use client'

import { useForm } from '@/components/ui/form-context'
import { OPEN_MARK, SEEN_FIELD, SIMILAR_FIELD } from './form-field-names'

type SimilarPersonsProps = { readonly labels: Readonly<Record<'title' | 'explain' | 'look' | 'held', string>> }

/** A hint, not a bar: who may be the same person. Sending again registers someone new. */
export function SimilarPersons({ labels }: SimilarPersonsProps) {
  const { state } = useForm()
  const hint = state.warnings.find(({ field }) => field === SIMILAR_FIELD)?.text
  if (hint === undefined) return null
  const persons = hint
    .split(' ')
    .map((word) => ({ code: word.replace(OPEN_MARK, ''), isOpen: word.endsWith(OPEN_MARK) }))
  return (
    <div role="alert" className="measure border-s-4 border-warn bg-warn-soft p-4">
      <h2 className="text-lead font-semibold text-warn-ink">{labels.title}</h2>
      <p>{labels.explain}</p>
      <ul className="mt-2 grid gap-1">
        {persons.map(({ code, isOpen }) => (
          <li key={code}>
            <bdi dir="ltr" className="font-code">
              {isOpen ? (
                <a href={`/persons/${code}`} target="_blank" rel="noreferrer" className="text-action-ink underline">
                  {code}
                </a>
              ) : (
                code
              )}
            </bdi>{' '}
            <span className="text-note text-ink-2">{isOpen ? labels.look : labels.held}</span>
          </li>
        ))}
      </ul>
      <input type="hidden" name={SEEN_FIELD} value={persons.map(({ code }) => code).join(' ')} />
    </div>
  )
}
