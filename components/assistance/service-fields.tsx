import { getTranslations } from 'next-intl/server'
import type { ReactNode } from 'react'
import { buttonClass } from '@/components/ui/button-class'
import { CheckRows, RadioRows } from '@/components/ui/choices'
import { Combobox } from '@/components/ui/combobox'
import { DateField } from '@/components/ui/date-field'
import { Select } from '@/components/ui/select'
import { TextArea } from '@/components/ui/text-area'
import { CheckBox, TextInput } from '@/components/ui/text-input'
import type { LastTimeView, NeedChoice } from '@/lib/assistance/services/form-schema'
import {
  ADAPTATIONS,
  LOGGABLE_STATUSES,
  PLACE_KINDS,
  SERVICE_MODES,
  SERVICE_ORIGINS,
  SERVICE_OUTCOMES,
} from '@/lib/assistance/services/schema'
import { getFormat } from '@/lib/i18n/get-format'
import { categoryChoices, typeNames } from './category-choices'
import { CategoryTypeFields } from './category-type-fields'
import { FieldFold } from './field-fold'
import { NoteWarning } from './note-warning'

type ServiceFieldsProps = {
  readonly today: string
  readonly yesterday: string
  /** The needs that the service may serve; none leaves the question out. */
  readonly needs?: readonly NeedChoice[]
  readonly lastTime?: LastTimeView | null
  /** What the folds say when the page opens, where the form starts from a record. */
  readonly isRecord?: boolean
  readonly focusFirst?: boolean
  /** The note and the follow-up are for one person. */
  readonly withNote?: boolean
  readonly withFollowUp?: boolean
  /** Leaves out today and yesterday, for an entry that comes late. */
  readonly anyDay?: boolean
}

/** The fields of a service: category, type, when, need; the rest folded, each fold saying what is in it. */
export async function ServiceFields(props: ServiceFieldsProps) {
  const { today, yesterday, needs = [], focusFirst = true, anyDay = false } = props
  const t = await getTranslations('assistance')
  const ui = await getTranslations('ui.categories')
  return (
    <>
      <CategoryTypeFields
        question={ui('question')}
        typeQuestion={ui('which')}
        categories={await categoryChoices()}
        focusFirst={focusFirst}
      />
      <DateField
        name="deliveredOn"
        label={t('service.when')}
        calendar
        {...(anyDay
          ? {}
          : {
              quick: [
                { value: today, label: t('today') },
                { value: yesterday, label: t('yesterday') },
              ],
            })}
      />
      {needs.length === 0 ? null : <NeedQuestion needs={needs} />}
      <div className="border-t border-line">
        <WhereFold {...props} />
        <InterpreterFold {...props} />
        <MoreFold {...props} />
        {props.withNote === false ? null : <NoteFold />}
      </div>
    </>
  )
}

async function NeedQuestion({ needs }: { readonly needs: readonly NeedChoice[] }) {
  const t = await getTranslations('assistance')
  const name = await typeNames()
  return (
    <RadioRows
      name="need"
      label={t('service.need_question')}
      columns={2}
      choices={[
        ...needs.map(({ code, category, type, urgency, state }) => ({
          value: code,
          label: name(category, type),
          hint: t('need.standing', { urgency: t(`need.urgency.short.${urgency}`), state: t(`need.state.${state}`) }),
        })),
        { value: '', label: t('service.need_none') },
      ]}
    />
  )
}

async function WhereFold({ lastTime = null, isRecord = false }: ServiceFieldsProps) {
  const t = await getTranslations('assistance.service')
  const value = await whereText(lastTime)
  return (
    <Fold name="where" fields={['mode', 'placeKind', 'minutes']} value={value} isRecord={isRecord}>
      <RadioRows
        name="mode"
        label={t('mode.label')}
        optional
        columns={4}
        choices={SERVICE_MODES.map((mode) => ({ value: mode, label: t(`mode.${mode}`) }))}
      />
      <Select
        name="placeKind"
        label={t('place.label')}
        optional
        options={PLACE_KINDS.map((kind) => ({ value: kind, label: t(`place.${kind}`) }))}
      />
      <TextInput name="minutes" label={t('minutes.label')} optional width="xs" inputMode="numeric" maxLength={5} />
    </Fold>
  )
}

async function InterpreterFold({ lastTime = null, isRecord = false }: ServiceFieldsProps) {
  const t = await getTranslations('assistance.service')
  const format = await getFormat()
  const language = lastTime?.interpreterLanguage ?? null
  const used = lastTime?.interpreterUsed ?? null
  const value =
    language !== null ? format.language(language) : used === null ? null : t(`interpreter_used.${used ? 'yes' : 'no'}`)
  return (
    <Fold name="interpreter" fields={['interpreterUsed', 'interpreterLanguage']} value={value} isRecord={isRecord}>
      <RadioRows
        name="interpreterUsed"
        label={t('interpreter_used.label')}
        optional
        columns={2}
        choices={(['yes', 'no'] as const).map((answer) => ({ value: answer, label: t(`interpreter_used.${answer}`) }))}
      />
      <Combobox
        name="interpreterLanguage"
        label={t('language.label')}
        optional
        lookup="languages"
        chosen={language === null ? [] : [{ value: language, label: format.language(language) }]}
      />
    </Fold>
  )
}

const MORE = [
  'adaptations',
  'amount',
  'currency',
  'proceedings',
  'origin',
  'outcome',
  'needMet',
  'endedOn',
  'followUpOn',
]

async function MoreFold({ needs = [], isRecord = false, withFollowUp = true }: ServiceFieldsProps) {
  const t = await getTranslations('assistance.service')
  return (
    <Fold name="more" fields={MORE} value={null} isRecord={isRecord}>
      <CheckRows
        name="adaptations"
        label={t('adaptations.label')}
        hint={t('adaptations.hint')}
        optional
        columns={3}
        choices={ADAPTATIONS.map((what) => ({ value: what, label: t(`adaptations.${what}`) }))}
      />
      <div className="flex flex-wrap gap-4">
        <TextInput
          name="amount"
          label={t('amount.label')}
          hint={t('amount.hint')}
          optional
          width="sm"
          inputMode="decimal"
          maxLength={13}
        />
        <TextInput
          name="currency"
          label={t('currency.label')}
          hint={t('currency.hint')}
          optional
          width="xs"
          maxLength={3}
          code
        />
      </div>
      <Select
        name="origin"
        label={t('origin.label')}
        optional
        options={SERVICE_ORIGINS.map((origin) => ({ value: origin, label: t(`origin.${origin}`) }))}
      />
      <Select
        name="outcome"
        label={t('outcome.label')}
        optional
        options={SERVICE_OUTCOMES.map((outcome) => ({ value: outcome, label: t(`outcome.${outcome}`) }))}
      />
      {needs.length > 0 && !isRecord ? <CheckBox name="needMet" label={t('need_met')} /> : null}
      <CheckBox name="proceedings" label={t('proceedings.label')} hint={t('proceedings.hint')} />
      <Select
        name="status"
        label={t('status.label')}
        empty={false}
        options={LOGGABLE_STATUSES.map((status) => ({ value: status, label: t(`status.${status}`) }))}
      />
      <DateField name="endedOn" label={t('ended_on.label')} hint={t('ended_on.hint')} optional calendar />
      {withFollowUp ? (
        <DateField name="followUpOn" label={t('follow_up_on.label')} hint={t('follow_up_on.hint')} optional calendar />
      ) : null}
    </Fold>
  )
}

async function NoteFold() {
  const t = await getTranslations('assistance')
  return (
    <FieldFold
      summary={t('service.note_fold')}
      fields={['note', 'noteCheck']}
      filled={t('fold.filled')}
      nothing={t('fold.empty')}
    >
      <TextArea name="note" label={t('service.note.label')} hint={t('service.note.hint')} optional maxLength={4000} />
      <NoteWarning
        check="noteCheck"
        kept="noteKept"
        title={t('note_flag.title')}
        asItIs={t('note_flag.as_is')}
        look={buttonClass('secondary', 'sm')}
      />
    </FieldFold>
  )
}

type FoldProps = {
  readonly name: 'where' | 'interpreter' | 'more'
  readonly fields: readonly string[]
  readonly value: string | null
  readonly isRecord: boolean
  readonly children: ReactNode
}

async function Fold({ name, fields, value, isRecord, children }: FoldProps) {
  const t = await getTranslations('assistance')
  const said = value === null ? undefined : isRecord ? value : t('fold.as_last', { value })
  return (
    <FieldFold
      summary={t(`service.${name}`)}
      fields={fields}
      {...(said === undefined ? {} : { value: said })}
      filled={t('fold.filled')}
      nothing={t('fold.nothing')}
    >
      {children}
    </FieldFold>
  )
}

/** "In person, at the shelter, 45 min" */
async function whereText(last: LastTimeView | null): Promise<string | null> {
  if (last === null) return null
  const t = await getTranslations('assistance.service')
  const { locale } = await getFormat()
  const parts = [
    last.mode === null ? null : t(`mode.${last.mode}`),
    last.placeKind === null ? null : t(`place.${last.placeKind}`),
    last.minutes === null ? null : t('minutes.value', { count: last.minutes }),
  ].filter((part) => part !== null)
  return parts.length === 0 ? null : parts.join(locale === 'en' ? ', ' : '，')
}
