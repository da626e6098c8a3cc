import 'server-only'
import { refresh } from 'next/cache'
import { redirect, unstable_rethrow } from 'next/navigation'
import type { z } from 'zod'
import type { Actor } from '@/lib/access/actor'
import { ActorEnded } from '@/lib/access/with-actor'
import { keepForm } from '@/lib/auth/kept-forms'
import { currentActor } from '@/lib/auth/require-actor'
import { confirmAddress } from '@/lib/auth/return-path'
import { getFormat } from '@/lib/i18n/get-format'
import { getKeyTranslator, type KeyTranslator } from '@/lib/i18n/translate-key'
import { log } from '@/lib/platform/log'
import { newReference } from './reference'
import { refuse, type Refused, type Result } from '@/lib/platform/result'
import { problemsOfErrors, problemsOfIssues } from './field-errors'
import { fieldPairsOf } from './field-pairs'
import { PLACE_FIELD } from './field-names'
import { leaveFlash, type Flash } from './flash'
import { readForm, readSecrets, toInput, type ReadForm } from './form-data'
import { pathOfPage } from './page-path'
import { answerIntent, chosenLabels, resolveTexts } from './form-intents'
import { emptyFormState, trustedPart, type Conflict, type FormAction, type FormState } from './form-state'
import { hasOwnOrigin } from './require-origin'

/** What came with the form beside its input. */
export type Submission = {
  /** The idempotency key of the form; the same for a second press and a retry. Null when the sender left it out. */
  readonly key: string | null
  /** The value of the button that was pressed, for forms with more than one. */
  readonly intent: string | null
}

/** Where to go after success, and the line that is shown there. */
export type NextPage = string | { readonly to: string; readonly flash?: Flash }

export type FormOptions<T, I> = {
  /** Without this the form stays and says `done`. */
  readonly onOk?: (value: T, input: I, submission: Submission) => NextPage | Promise<NextPage>
  /** The message key that says it worked, where the form stays. */
  readonly done?: string
  /** Message keys for this form's own reasons to be refused: `{ wrong_state: 'cases.closed_already' }`. */
  readonly reasons?: Readonly<Record<string, string>>
  /**
   * Questions that show only once another is answered: `{ type: 'category' }`. While that one has a problem, theirs
   * would lead to a field that isn't there.
   */
  readonly follows?: Readonly<Record<string, string>>
  /** What to show when someone else saved first; gives null when it can't be read any more. */
  readonly onStale?: (actor: Actor, input: I) => Promise<Conflict | null>
}

type Handler<I, T> = (input: I, submission: Submission) => Promise<Result<T>>

/**
 * A server action for a form of someone who is signed in. In order: the Origin must be our own, the sender signed in
 * (else the form is kept and comes back after sign-in), the input fits the schema (else each field gets its sentence
 * and everything typed stays), the handler says yes (else its refusal stands above the form). Success leaves a flash
 * and redirects. Where the session has to be confirmed first, the form is kept, and the sender goes to `/confirm` and
 * comes back to it. Anything unexpected is logged under a reference that the form shows; what was typed stays.
 */
export function formAction<S extends z.ZodType, T>(
  schema: S,
  handle: (actor: Actor, input: z.output<S>, submission: Submission) => Promise<Result<T>>,
  options: FormOptions<T, z.output<S>> = {},
): FormAction {
  return async (previous, data) => {
    if (!(await hasOwnOrigin())) return refusedForm(previous, data, 'errors.origin')
    const actor = await currentActor()
    if (actor === null) return keepAndSignIn(data)
    const asked = { toConfirm: false, toSignIn: false }
    const watched = async (input: z.output<S>, submission: Submission) => {
      try {
        const result = await handle(actor, input, submission)
        asked.toConfirm = !result.ok && result.refusal === 'step_up_required'
        return result
      } catch (error) {
        // Signed out, removed or given another role since the form came in.
        if (!(error instanceof ActorEnded)) throw error
        asked.toSignIn = true
        return refuse('forbidden')
      }
    }
    const onStale = options.onStale
    const stale = onStale === undefined ? undefined : (input: z.output<S>) => onStale(actor, input)
    const state = await answer(schema, watched, options, stale, previous, data)
    if (asked.toSignIn) return keepAndSignIn(data)
    return asked.toConfirm ? keepAndConfirm(data) : state
  }
}

/** The same for forms before sign-in: there is no actor, and nothing is kept. */
export function openFormAction<S extends z.ZodType, T>(
  schema: S,
  handle: Handler<z.output<S>, T>,
  options: Omit<FormOptions<T, z.output<S>>, 'onStale'> = {},
): FormAction {
  return async (previous, data) => {
    if (!(await hasOwnOrigin())) return refusedForm(previous, data, 'errors.origin')
    return answer(schema, handle, options, undefined, previous, data)
  }
}

async function answer<S extends z.ZodType, T>(
  schema: S,
  handle: Handler<z.output<S>, T>,
  options: FormOptions<T, z.output<S>>,
  onStale: ((input: z.output<S>) => Promise<Conflict | null>) | undefined,
  previous: FormState,
  data: FormData,
): Promise<FormState> {
  const form = readForm(data)
  let state = stateAfter(previous, form)
  try {
    const format = await getFormat()
    state = { ...state, labels: chosenLabels(form, format.locale) }
    const translator = await getKeyTranslator()
    const changed = answerIntent(state, form, format.locale)
    if (changed !== null) return changed
    const texts = resolveTexts(form, format.locale)
    const { input, errors, fieldOf } = toInput({ ...texts.values, ...readSecrets(data) }, format.monthNames())
    const parsed = schema.safeParse(input, { reportInput: true })
    // What was wrong before the schema had a look says more about its field than the schema can.
    const early = {
      ...errors,
      ...Object.fromEntries(texts.open.map((field) => [field, 'ui.combobox.choose_from_list'])),
    }
    const all = [
      ...Object.entries(early).map(([field, key]) => ({ field, text: translator.text(key) })),
      ...(parsed.success ? [] : problemsOfIssues(parsed.error.issues, fieldOf, translator)).filter(
        ({ field }) => field === null || !(field in early),
      ),
    ]
    const follows = options.follows ?? {}
    const problems = all.filter(({ field }) => field === null || !all.some((other) => other.field === follows[field]))
    if (!parsed.success || problems.length > 0) return { ...state, values: texts.values, found: texts.found, problems }
    const submission = { key: form.key === '' ? null : form.key, intent: form.intent }
    const result = await handle(parsed.data, submission)
    if (!result.ok) return await refusedState(state, result, parsed.data, fieldOf, translator, options, onStale)
    return await succeed(result.value, parsed.data, submission, options, translator)
  } catch (error) {
    unstable_rethrow(error)
    return unexpected(state, error)
  }
}

async function succeed<T, I>(
  value: T,
  input: I,
  submission: Submission,
  options: FormOptions<T, I>,
  translator: KeyTranslator,
): Promise<FormState> {
  if (options.onOk === undefined) {
    return {
      ...emptyFormState(globalThis.crypto.randomUUID()),
      attempt: Date.now(),
      done: translator.text(options.done ?? 'ui.form.saved'),
    }
  }
  const next = await options.onOk(value, input, submission)
  if (typeof next !== 'string' && next.flash !== undefined) await leaveFlash(next.flash)
  redirect(typeof next === 'string' ? next : next.to)
}

async function refusedState<T, I>(
  state: FormState,
  refused: Refused,
  input: I,
  fieldOf: (path: string) => string,
  translator: KeyTranslator,
  options: FormOptions<T, I>,
  onStale: ((input: I) => Promise<Conflict | null>) | undefined,
): Promise<FormState> {
  const errors = refused.errors ?? {}
  if (refused.reason === 'text_flagged')
    return { ...state, warnings: problemsOfErrors(errors, fieldOf, translator, Infinity) }
  const fields = problemsOfErrors(errors, fieldOf, translator)
  if (refused.refusal === 'stale' && onStale !== undefined) {
    const conflict = await onStale(input)
    if (conflict !== null) return { ...state, conflict }
  }
  // Beside what was typed the page shows what is so now, and the next press goes by that version.
  if (refused.refusal === 'stale') refresh()
  if (fields.length > 0) return { ...state, problems: fields }
  return {
    ...state,
    problems: [{ field: null, text: translator.text(refusalKey(refused, options.reasons ?? {}, translator)) }],
  }
}

/** The sentence for a refusal: the form's own for this reason, else the reason's, else the kind's. */
function refusalKey(refused: Refused, reasons: Readonly<Record<string, string>>, translator: KeyTranslator): string {
  const reason = refused.reason
  if (reason !== undefined) {
    const own = reasons[reason]
    if (own !== undefined) return own
    if (translator.has(reason)) return reason
    if (translator.has(`errors.reason.${reason}`)) return `errors.reason.${reason}`
  }
  return `errors.refusal.${refused.refusal}`
}

/** The form as it comes back: what was typed, and the same key, so that a retry is the same submission. */
function stateAfter(previous: FormState, form: ReadForm): FormState {
  const { attempt, rows } = trustedPart(previous)
  return { ...emptyFormState(form.key, form.values), attempt: attempt + 1, rows }
}

async function refusedForm(previous: FormState, data: FormData, key: string): Promise<FormState> {
  const translator = await getKeyTranslator()
  return { ...stateAfter(previous, readForm(data)), problems: [{ field: null, text: translator.text(key) }] }
}

async function unexpected(state: FormState, error: unknown): Promise<FormState> {
  const reference = newReference()
  log.error({ error, reference }, 'a form could not be saved')
  const translator = await getKeyTranslator()
  return { ...state, problems: [{ field: null, text: translator.text('errors.unexpected_kept', { reference }) }] }
}

/** The session has ended: the form is kept for the same member, who gets it back on the same page after sign-in. */
async function keepAndSignIn(data: FormData): Promise<never> {
  await keep(data, 'ended')
  redirect(`/sign-in?next=${encodeURIComponent(await pathOfPage())}`)
}

/** What was asked for needs a confirmation first: the form is kept, and is back on the same page after it. */
async function keepAndConfirm(data: FormData): Promise<never> {
  await keep(data, 'confirm')
  redirect(confirmAddress(await pathOfPage()))
}

/** A form that no page would give back isn't kept: there was nothing to type in it. */
async function keep(data: FormData, why: 'ended' | 'confirm'): Promise<void> {
  const place = data.get(PLACE_FIELD)
  if (typeof place !== 'string' || !/^\/[\w/%.~-]{0,400}(?:#[a-z-]{1,40})?$/.test(place)) return
  await keepForm({ path: place, fields: fieldPairsOf(data, why) })
}
