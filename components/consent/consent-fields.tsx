import { getTranslations } from 'next-intl/server'
import type { ReactNode } from 'react'
import { FieldFold } from '@/components/assistance/field-fold'
import { CheckRows, RadioRows } from '@/components/ui/choices'
import { Combobox } from '@/components/ui/combobox'
import { DateField } from '@/components/ui/date-field'
import { Disclosure } from '@/components/ui/details'
import { Select } from '@/components/ui/select'
import { TextArea } from '@/components/ui/text-area'
import { CheckBox } from '@/components/ui/text-input'
import { FIELD_KEYS, IDENTITY_LEVELS } from '@/lib/consent/fields'
import {
  CHILD_VIEWS,
  CONSENT_ANSWERS,
  CONSENT_METHODS,
  CONSENT_PURPOSES,
  EXPLAINED_POINTS,
  GIVEN_BY,
  RECEIVER_KINDS,
  WITHHELD_REASONS,
  WITNESSES,
  type ReceiverView,
} from '@/lib/consent/schema'
import { getFormat } from '@/lib/i18n/get-format'
import { directionOf, LOCALE_NAMES, LOCALES } from '@/lib/i18n/locale'
import { CATEGORY_KEYS } from '@/lib/mandate/categories'
import { SignatureField } from './signature-field'

type ConsentFieldsProps = {
  readonly receivers: readonly ReceiverView[]
  /** Who will read what is typed. */
  readonly audience: ReactNode
  /** The language that is set already. */
  readonly language: string | null
}

/** The questions of a consent, in the order in which they are talked about. */
export function ConsentFields({ receivers, audience, language }: ConsentFieldsProps) {
  return (
    <>
      <Explained />
      <Asked receivers={receivers} />
      <Answered audience={audience} />
      <Said language={language} />
      <Child audience={audience} />
    </>
  )
}

type PartProps = { readonly about: 'explain' | 'ask' | 'answer' | 'how'; readonly children: ReactNode }

async function Part({ about, children }: PartProps) {
  const t = await getTranslations('consents.part')
  return (
    <section className="group/part grid gap-6">
      <h2 className="border-b border-line pb-1 text-head font-semibold">{t(about)}</h2>
      {children}
    </section>
  )
}

async function Explained() {
  const t = await getTranslations('consents')
  const { locale } = await getFormat()
  return (
    <Part about="explain">
      <CheckRows
        name="explained"
        label={t('explained_question')}
        hint={t('explained_hint')}
        choices={EXPLAINED_POINTS.map((point) => ({
          value: point,
          label: t(`point.${point}`),
          hint: t(`read_out.${point}`),
        }))}
      />
      {LOCALES.filter((one) => one !== locale).map((one) => (
        <ReadOut key={one} locale={one} />
      ))}
    </Part>
  )
}

/** The same points to read out in the other language, whatever the screen's is. */
async function ReadOut({ locale }: { readonly locale: (typeof LOCALES)[number] }) {
  const own = await getTranslations('consents')
  const t = await getTranslations({ locale, namespace: 'consents' })
  return (
    <Disclosure summary={own('read_in', { language: LOCALE_NAMES[locale] })}>
      <ol lang={locale} dir={directionOf(locale)} className="grid list-decimal gap-2 ps-5">
        {EXPLAINED_POINTS.map((point) => (
          <li key={point}>
            <span className="font-semibold">{t(`point.${point}`)}</span> {t(`read_out.${point}`)}
          </li>
        ))}
      </ol>
    </Disclosure>
  )
}

async function Asked({ receivers }: Pick<ConsentFieldsProps, 'receivers'>) {
  const t = await getTranslations('consents')
  const purposes = await getTranslations('networks.purpose')
  const categories = await getTranslations('mandate.categories')
  return (
    <Part about="ask">
      <RadioRows
        name="purpose"
        label={t('purpose_question')}
        columns={2}
        choices={CONSENT_PURPOSES.map((value) => ({ value, label: purposes(value), hint: t(`purpose_hint.${value}`) }))}
      />
      <Select
        name="receiver"
        label={t('receiver_question')}
        hint={t('receiver_hint')}
        empty={t('receiver.nobody')}
        options={[
          ...receivers.map(({ key, name }) => ({ value: `agency:${key}`, label: name })),
          ...RECEIVER_KINDS.map((kind) => ({ value: `kind:${kind}`, label: t(`receiver.kind.${kind}`) })),
        ]}
      />
      {/* Identification is about no kind of help: asked for it nobody has to name one. */}
      <div className="group-has-[[value=identification]:checked]/part:hidden">
        <CheckRows
          name="categories"
          label={t('categories_question')}
          columns={2}
          choices={CATEGORY_KEYS.map((value) => ({ value, label: categories(value) }))}
        />
      </div>
      <RadioRows
        name="identity"
        label={t('identity_question')}
        hint={t('identity_hint')}
        choices={IDENTITY_LEVELS.map((value) => ({ value, label: t(`identity.${value}`) }))}
      />
    </Part>
  )
}

async function Answered({ audience }: Pick<ConsentFieldsProps, 'audience'>) {
  const t = await getTranslations('consents')
  const fold = await getTranslations('assistance.fold')
  return (
    <Part about="answer">
      <RadioRows
        name="answer"
        label={t('answer_question')}
        columns={2}
        choices={CONSENT_ANSWERS.map((value) => ({ value, label: t(`answer.${value}`) }))}
      />
      <DateField name="endsOn" label={t('ends_question')} hint={t('ends_hint')} optional calendar />
      <FieldFold
        summary={t('withheld_fold')}
        fields={['withheld', 'withheldWhy', 'withheldWords']}
        filled={fold('filled')}
        nothing={fold('nothing')}
      >
        <CheckRows
          name="withheld"
          label={t('withheld')}
          hint={t('withheld_hint')}
          optional
          columns={2}
          choices={FIELD_KEYS.map((key) => ({ value: key, label: t(`fields.${key}`) }))}
        />
        <RadioRows
          name="withheldWhy"
          label={t('withheld_why')}
          hint={t('withheld_why_hint')}
          choices={WITHHELD_REASONS.map((value) => ({ value, label: t(`withheld_reason.${value}`) }))}
        />
        <TextArea
          name="withheldWords"
          label={t('withheld_words')}
          optional
          maxLength={2_000}
          rows={3}
          visibility={audience}
        />
      </FieldFold>
    </Part>
  )
}

async function Said({ language }: Pick<ConsentFieldsProps, 'language'>) {
  const t = await getTranslations('consents')
  const format = await getFormat()
  return (
    <Part about="how">
      <RadioRows
        name="givenBy"
        label={t('given_by_question')}
        columns={3}
        choices={GIVEN_BY.map((value) => ({ value, label: t(`given_by.${value}`) }))}
      />
      <Combobox
        name="language"
        label={t('language_question')}
        optional
        lookup="languages"
        chosen={language === null ? [] : [{ value: language, label: format.language(language) }]}
      />
      <CheckBox name="interpreter" label={t('with_interpreter')} />
      <RadioRows
        name="method"
        label={t('method_question')}
        hint={t('method_hint')}
        choices={CONSENT_METHODS.map((value) => ({
          value,
          label: t(`method.${value}`),
          ...(value === 'written' ? { revealed: <Signature /> } : {}),
        }))}
      />
      <Select
        name="witness"
        label={t('witness')}
        hint={t('witness_hint')}
        options={WITNESSES.map((value) => ({ value, label: t(`witnesses.${value}`) }))}
      />
    </Part>
  )
}

async function Signature() {
  const t = await getTranslations('consents.signature')
  return (
    <SignatureField
      name="signature"
      label={t('label')}
      hint={t('hint')}
      labels={{
        pad: t('pad'),
        undo: t('undo'),
        clear: t('clear'),
        empty: t('empty'),
        drawn: t('drawn'),
        no_script: t('no_script'),
      }}
    />
  )
}

async function Child({ audience }: Pick<ConsentFieldsProps, 'audience'>) {
  const t = await getTranslations('consents')
  const fold = await getTranslations('assistance.fold')
  return (
    <FieldFold
      summary={t('child_fold')}
      fields={['child', 'childView', 'bestInterests', 'childWords']}
      filled={fold('filled')}
      nothing={fold('nothing')}
    >
      <CheckBox name="child" label={t('child_box')} hint={t('child_hint')} />
      <RadioRows
        name="childView"
        label={t('child_view_question')}
        columns={3}
        choices={CHILD_VIEWS.map((value) => ({ value, label: t(`child_view.${value}`) }))}
      />
      <TextArea name="childWords" label={t('child_words')} optional maxLength={2_000} rows={3} visibility={audience} />
      <TextArea
        name="bestInterests"
        label={t('best_interests')}
        hint={t('best_interests_hint')}
        maxLength={2_000}
        rows={3}
        visibility={audience}
      />
    </FieldFold>
  )
}
