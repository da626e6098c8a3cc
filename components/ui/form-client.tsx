'use client'

import {
  startTransition,
  useActionState,
  useEffect,
  useRef,
  useState,
  useTransition,
  type KeyboardEvent,
  type ReactNode,
  type SubmitEvent,
} from 'react'
import { INTENT_FIELD, KEY_FIELD } from '@/lib/forms/field-names'
import { emptyFormState, type FormAction, type FormState, type Problem } from '@/lib/forms/form-state'
import { ConflictRows } from './conflict-rows'
import { ErrorSummary } from './error-summary'
import { FormProvider, type FormLabels } from './form-context'

export type ClientFormProps = {
  readonly action: FormAction
  readonly initial: FormState
  readonly labels: FormLabels
  readonly submit: string
  /** What the button says until the form has a value for this field: "Show and change" before "Save identity". */
  readonly first: { readonly field: string; readonly submit: string } | undefined
  /** Further buttons that send; the action reads which from `submission.intent`. */
  readonly also: readonly { readonly intent: string; readonly label: string }[]
  /** The looks of its buttons, which the server knows. */
  readonly look: string
  readonly alsoLook: string
  readonly cancel: ReactNode
  /** On pages that ask once more, the way that changes nothing stands first. */
  readonly cancelFirst: boolean
  readonly hidden: Readonly<Record<string, string>>
  readonly versionField: string
  readonly children: ReactNode
  readonly footer: ReactNode
  readonly label: string | undefined
}

/** Empties what was typed as a secret: a form that failed keeps all else. */
function forgetSecrets(form: HTMLFormElement | null): void {
  for (const secret of form?.querySelectorAll<HTMLInputElement>('input[type="password"]') ?? []) secret.value = ''
}

/**
 * A form over a server action. Before the script arrives the browser posts it, and the page comes back with the same
 * state; after that the script sends it, so that nothing typed moves and a lost network loses nothing.
 */
export function ClientForm(props: ClientFormProps) {
  const { action, initial, labels, hidden, versionField } = props
  const [posted, postAction] = useActionState(action, initial)
  const [own, setOwn] = useState<FormState | null>(null)
  const [isSending, send] = useTransition()
  const isSent = useRef(false)
  const isLeaving = useRef(false)
  const form = useRef<HTMLFormElement>(null)
  const state = own ?? posted
  const isFirst = props.first !== undefined && !(props.first.field in state.values)

  // A redirect to the page that we are on brings a fresh form instead of unmounting this one.
  useEffect(() => {
    if (!isLeaving.current) return
    isLeaving.current = false
    isSent.current = false
    form.current?.reset()
    setOwn(initial)
  }, [initial])

  function onSubmit(event: SubmitEvent<HTMLFormElement>) {
    event.preventDefault()
    // A second press while the first is under way is the same submission.
    if (isSent.current) return
    isSent.current = true
    const data = new FormData(event.currentTarget, event.nativeEvent.submitter)
    send(async () => {
      const next = await answerOf(action, state, data, labels)
      isSent.current = next === 'leaving'
      isLeaving.current = next === 'leaving'
      if (next === 'leaving') return
      forgetSecrets(form.current)
      startTransition(() => {
        if (next.done !== null) form.current?.reset()
        setOwn(next)
      })
    })
  }

  return (
    <FormProvider value={{ state, labels }}>
      <ErrorSummary
        title={labels.problem}
        errorTitle={labels.errorTitle}
        problems={state.problems}
        attempt={state.attempt}
      />
      {/* What may stay stands below the form's start too, where nobody would see it after the press. */}
      <ErrorSummary title={labels.lookAgain} tone="warn" problems={oneOfEach(state.warnings)} attempt={state.attempt} />
      {state.kept ? <p className="measure mb-6 border-s-4 border-info bg-info-soft p-4">{labels.kept}</p> : null}
      <div role="status">{state.done === null ? null : <p className="form-done">{state.done}</p>}</div>
      {/* eslint-disable-next-line jsx-a11y/no-noninteractive-element-interactions -- keys that its own controls send up */}
      <form
        ref={form}
        action={postAction}
        onSubmit={onSubmit}
        onKeyDown={onKeyDown}
        noValidate={state.conflict === null}
        aria-label={props.label}
        className="flex flex-col gap-8"
      >
        <input type="hidden" name={KEY_FIELD} value={state.key} />
        {Object.entries(hidden).map(([name, value]) =>
          state.conflict !== null && name === versionField ? null : (
            <input key={name} type="hidden" name={name} value={value} />
          ),
        )}
        {state.conflict === null ? (
          props.children
        ) : (
          <ConflictRows
            conflict={state.conflict}
            values={withoutHidden(state.values, hidden)}
            versionField={versionField}
            labels={labels}
          />
        )}
        {props.footer}
        <div className="max-md:contents md:flex md:flex-wrap md:items-center md:gap-3">
          {/* A form of one press has nothing to scroll past. */}
          <div className={props.children === undefined ? 'flex items-center gap-3' : 'form-bar'}>
            {props.cancelFirst ? props.cancel : null}
            <button type="submit" className={props.look}>
              {state.conflict !== null ? labels.saveChoice : isFirst ? props.first.submit : props.submit}
            </button>
            <span role="status" className="text-note text-ink-2">
              {isSending ? <span className="after-a-while">{labels.working}</span> : null}
            </span>
          </div>
          {props.also.map(({ intent, label }) => (
            <button key={intent} type="submit" name={INTENT_FIELD} value={intent} className={props.alsoLook}>
              {label}
            </button>
          ))}
          {props.cancelFirst ? null : props.cancel}
        </div>
      </form>
    </FormProvider>
  )
}

async function answerOf(
  action: FormAction,
  state: FormState,
  data: FormData,
  labels: FormLabels,
): Promise<FormState | 'leaving'> {
  try {
    return await action(emptyFormState(state.key), data)
  } catch (error) {
    // The router has begun to go to the next page; the form waits to be taken away.
    if (error instanceof Error && 'digest' in error && String(error.digest).startsWith('NEXT_REDIRECT'))
      return 'leaving'
    return { ...state, attempt: state.attempt + 1, problems: [{ field: null, text: labels.unreachable }] }
  }
}

/** The first sentence of each field: the others stand beside it. */
function oneOfEach(warnings: readonly Problem[]): readonly Problem[] {
  return warnings.filter(({ field }, index) => warnings.findIndex((other) => other.field === field) === index)
}

function withoutHidden(values: FormState['values'], hidden: Readonly<Record<string, string>>): FormState['values'] {
  return Object.fromEntries(Object.entries(values).filter(([name]) => !(name in hidden)))
}

/** Ctrl or ⌘ with Enter sends; a digit picks in the group of choices that has the focus. */
function onKeyDown(event: KeyboardEvent<HTMLFormElement>): void {
  if (event.nativeEvent.isComposing) return
  if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) {
    event.preventDefault()
    event.currentTarget.requestSubmit()
    return
  }
  const control = event.target
  if (!/^[1-9]$/.test(event.key) || event.ctrlKey || event.altKey || event.metaKey) return
  if (!(control instanceof HTMLInputElement) || (control.type !== 'radio' && control.type !== 'checkbox')) return
  const choices = [
    ...(control.closest('fieldset')?.querySelectorAll<HTMLInputElement>(`input[type="${control.type}"]`) ?? []),
  ]
  const picked = choices.filter(({ name, offsetParent }) => name === control.name && offsetParent !== null)[
    Number(event.key) - 1
  ]
  if (picked === undefined) return
  event.preventDefault()
  picked.focus()
  picked.click()
}
