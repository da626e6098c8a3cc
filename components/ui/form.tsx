import { getTranslations } from 'next-intl/server'
import type { ReactNode } from 'react'
import { getFormat } from '@/lib/i18n/get-format'
import { PLACE_FIELD } from '@/lib/forms/field-names'
import type { FormAction, FormState } from '@/lib/forms/form-state'
import { LinkButton } from './button'
import { buttonClass } from './button-class'
import { ClientForm } from './form-client'
import type { FormLabels } from './form-context'

type ActionFormProps = {
  /** Made by `formAction` in the page's `actions.ts`. */
  readonly action: FormAction
  /** Made by `initialForm()`: key, starting values, and a form that was kept. */
  readonly initial: FormState
  /** Verb and thing: "Save service". */
  readonly submit: string
  /** A form of two steps: until it has a value for `field`, its button says this instead. */
  readonly first?: { readonly field: string; readonly submit: string }
  readonly also?: readonly { readonly intent: string; readonly label: string }[]
  readonly tone?: 'primary' | 'secondary' | 'stop'
  readonly cancel?: { readonly href: string; readonly label?: string }
  /** On pages that ask once more: the safe way comes first, as a button. */
  readonly cancelFirst?: boolean
  /** Codes and versions that go along; never anything the server must be able to trust. */
  readonly hidden?: Readonly<Record<string, string>>
  /** The hidden field with the version that the form was made from. */
  readonly versionField?: string
  /** Stands above the buttons: visibility and mandate lines. */
  readonly footer?: ReactNode
  /** Names the form where a page has several. */
  readonly label?: string
  readonly children?: ReactNode
}

/** A form that works before its script arrives, keeps what was typed, and says what to put right. */
export async function ActionForm({
  action,
  initial,
  submit,
  first,
  also = [],
  tone = 'primary',
  cancel,
  cancelFirst = false,
  hidden = {},
  versionField = 'version',
  footer,
  label,
  children,
}: ActionFormProps) {
  const labels = await formLabels()
  return (
    <ClientForm
      action={action}
      initial={initial}
      labels={labels}
      submit={submit}
      first={first}
      also={also}
      look={buttonClass(tone)}
      alsoLook={buttonClass('secondary')}
      hidden={initial.place === null ? hidden : { ...hidden, [PLACE_FIELD]: initial.place }}
      versionField={versionField}
      footer={footer}
      label={label}
      cancelFirst={cancelFirst}
      cancel={cancel === undefined ? null : <CancelLink {...cancel} tone={cancelFirst ? 'secondary' : 'quiet'} />}
    >
      {children}
    </ClientForm>
  )
}

async function CancelLink({
  href,
  label,
  tone,
}: {
  readonly href: string
  readonly label?: string | undefined
  readonly tone: 'secondary' | 'quiet'
}) {
  const t = await getTranslations('ui.form')
  return (
    <LinkButton href={href} tone={tone}>
      {label ?? t('cancel')}
    </LinkButton>
  )
}

async function formLabels(): Promise<FormLabels> {
  const t = await getTranslations('ui')
  const { locale } = await getFormat()
  return {
    locale,
    dateOrder: locale === 'zh-Hans' ? ['year', 'month', 'day'] : ['day', 'month', 'year'],
    problem: t('form.problem'),
    errorTitle: t('form.error_title'),
    optional: t('form.optional'),
    working: t('form.working'),
    kept: t('form.kept'),
    unreachable: t('form.unreachable'),
    choose: t('form.choose'),
    // These have gaps that the browser fills in.
    characters: t.raw('form.characters') as string,
    charactersLeft: t.raw('form.characters_left') as string,
    remove: t('form.remove'),
    removeRow: t.raw('form.remove_row') as string,
    row: t.raw('form.row') as string,
    whyStays: t('form.why_stays'),
    lookAgain: t('form.look_again'),
    day: t('date.day'),
    month: t('date.month'),
    year: t('date.year'),
    otherDay: t('date.other'),
    calendar: t('date.calendar'),
    lookUp: t('combobox.look_up'),
    removeItem: t.raw('combobox.remove') as string,
    found: t.raw('combobox.found') as string,
    foundOf: t.raw('combobox.found_of') as string,
    none: t('combobox.none'),
    listUnreachable: t('combobox.unreachable'),
    conflictTitle: t.raw('conflict.title') as string,
    conflictExplain: t('conflict.explain'),
    yours: t('conflict.yours'),
    theirs: t('conflict.theirs'),
    both: t('conflict.both'),
    same: t('conflict.same'),
    saveChoice: t('conflict.save'),
  }
}
