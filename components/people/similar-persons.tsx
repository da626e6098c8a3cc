'use client'

import { Code } from '@/components/ui/code'
import { useForm } from '@/components/ui/form-context'
import { fieldId } from '@/lib/forms/field-names'
import { OPEN_MARK, SEEN_FIELD, SIMILAR_FIELD } from './form-field-names'

type SimilarPersonsProps = { readonly labels: Readonly<Record<'explain' | 'look' | 'held', string>> }

/** A hint, not a bar: who may be the same person. Sending again registers someone new. */
export function SimilarPersons({ labels }: SimilarPersonsProps) {
  const { state } = useForm()
  const hint = state.warnings.filter(({ field }) => field === SIMILAR_FIELD)
  const [title, codes] = hint.map(({ text }) => text)
  if (title === undefined || codes === undefined) return null
  const persons = codes
    .split(' ')
    .map((word) => ({ code: word.replace(OPEN_MARK, ''), isOpen: word.endsWith(OPEN_MARK) }))
  return (
    <div id={fieldId(SIMILAR_FIELD)} tabIndex={-1} className="measure border-s-4 border-warn bg-warn-soft p-4">
      <h2 className="text-lead font-semibold text-warn-ink">{title}</h2>
      <p>{labels.explain}</p>
      <ul className="mt-2 grid gap-1">
        {persons.map(({ code, isOpen }) => (
          <li key={code}>
            {isOpen ? (
              <a href={`/persons/${code}`} target="_blank" rel="noreferrer" className="text-action-ink underline">
                <Code code={code} />
              </a>
            ) : (
              <Code code={code} />
            )}{' '}
            <span className="text-note text-ink-2">{isOpen ? labels.look : labels.held}</span>
          </li>
        ))}
      </ul>
      <input type="hidden" name={SEEN_FIELD} value={persons.map(({ code }) => code).join(' ')} />
    </div>
  )
}
