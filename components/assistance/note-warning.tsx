'use client'

import { useForm } from '@/components/ui/form-context'
import { fieldId } from '@/lib/forms/field-names'

type NoteWarningProps = {
  /** The field that the server reports the warning under. */
  readonly check: string
  /** The field that says the note stays as it is. */
  readonly kept: string
  readonly title: string
  readonly asItIs: string
  /** The look of its button, which the server knows. */
  readonly look: string
}

/** A confidential note may well name someone: a warning with its own button, not an error. */
export function NoteWarning({ check, kept, title, asItIs, look }: NoteWarningProps) {
  const { state } = useForm()
  const warning = state.warnings.find(({ field }) => field === check)
  if (warning === undefined) return null
  return (
    <div id={fieldId(check)} tabIndex={-1} className="max-w-2xl rounded-md border border-warn-edge bg-warn-soft p-3">
      <p className="font-semibold text-warn-ink">{title}</p>
      <p>{warning.text}</p>
      <button type="submit" name={kept} value="as_it_is" className={`mt-2 ${look}`}>
        {asItIs}
      </button>
    </div>
  )
}
