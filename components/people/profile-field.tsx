'use client'

import type { ReactNode } from 'react'
import { FieldGroup } from '@/components/ui/field'
import { useField } from '@/components/ui/form-context'

export type AnswerState = 'stated' | 'declined' | 'not_asked' | 'unknown'

type ProfileFieldProps = {
  /** The answer's place in the input; the state is posted as `<name>.state`. */
  readonly name: string
  readonly label: ReactNode
  /** Why we ask, in one line. */
  readonly why: ReactNode
  readonly stateLabels: Readonly<Record<AnswerState, string>>
  /** The control for the stated answer, named `<name>.value` or `<name>.values`. */
  readonly children: ReactNode
}

const STATES: readonly AnswerState[] = ['not_asked', 'stated', 'declined', 'unknown']

/** One question of the profile: the answer, or that the person declined, wasn't asked, or that it isn't known. */
export function ProfileField({ name, label, why, stateLabels, children }: ProfileFieldProps) {
  const field = useField(`${name}.state`)
  const chosen = field.value === '' ? 'not_asked' : field.value
  return (
    <FieldGroup field={field} label={label} hint={why}>
      <div className="reveals flex max-w-3xl flex-wrap gap-2">
        {STATES.map((state, index) => (
          <label key={state} className="choice" data-state={state}>
            <input
              type="radio"
              id={index === 0 ? field.id : undefined}
              name={field.name}
              value={state}
              defaultChecked={chosen === state}
            />
            <span>{stateLabels[state]}</span>
          </label>
        ))}
        <div className="revealed-by-stated basis-full pt-1">{children}</div>
      </div>
    </FieldGroup>
  )
}
