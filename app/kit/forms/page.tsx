import { getTranslations } from 'next-intl/server'
import { CategoryTypeFields, type Category } from '@/components/assistance/category-type-fields'
import { CategoryIcon } from '@/components/assistance/category-tile'
import { MandateChips } from '@/components/mandate/mandate-chip'
import { ProfileField } from '@/components/people/profile-field'
import { CheckRows, RadioRows } from '@/components/ui/choices'
import { Combobox } from '@/components/ui/combobox'
import { Confirmation } from '@/components/ui/confirmation'
import { DateField } from '@/components/ui/date-field'
import { Details } from '@/components/ui/details'
import { ActionForm } from '@/components/ui/form'
import { PageHeader, Section } from '@/components/ui/page-header'
import { PasswordInput } from '@/components/ui/password-input'
import { Reason } from '@/components/ui/reason'
import { Repeat } from '@/components/ui/repeat'
import { Select } from '@/components/ui/select'
import { TextArea } from '@/components/ui/text-area'
import { CheckBox, TextInput } from '@/components/ui/text-input'
import { VisibilityLine } from '@/components/ui/visibility-line'
import { getFormat } from '@/lib/i18n/get-format'
import { initialForm } from '@/lib/forms/initial-form'
import { saveSample } from '../actions'

const TYPES = {
  legal: ['information', 'representation'],
  psychological: ['crisis'],
  medical: ['emergency_care'],
  social: ['shelter', 'housing', 'needs'],
  residency: ['permit'],
  reintegration: ['training'],
} as const satisfies Record<Category, readonly string[]>

export default async function KitFormsPage() {
  const t = await getTranslations('kit')
  const ui = await getTranslations('ui')
  const format = await getFormat()
  const initial = await initialForm({
    category: 'social',
    type: 'shelter',
    citizenships: ['ER', 'ET'],
    risk: 'high',
    started: '2026-11',
  })
  const readers = <VisibilityLine audience={t('form.team')} href="/kit" />
  const options = (keys: readonly ('call' | 'visit' | 'message')[]) =>
    keys.map((value) => ({ value, label: t(`form.${value}`) }))
  return (
    <>
      <PageHeader title={t('form.title')} crumbs={[{ label: t('title'), href: '/kit' }]} />
      <ActionForm
        action={saveSample}
        initial={initial}
        submit={t('form.submit')}
        also={[{ intent: 'again', label: t('buttons.another') }]}
        cancel={{ href: '/kit' }}
        footer={
          <div className="flex flex-wrap items-center gap-3 text-note text-ink-2">
            {ui('mandate.recorded_under')}
            <MandateChips paragraphs={[{ paragraph: '6(b)' }, { paragraph: '9' }]} />
            {readers}
          </div>
        }
      >
        <CategoryTypeFields
          question={ui('categories.question')}
          typeQuestion={ui('categories.which')}
          categories={(Object.keys(TYPES) as Category[]).map((key) => ({
            key,
            label: ui(`category.${key}`),
            icon: <CategoryIcon category={key} />,
            types: TYPES[key].map((type) => ({ key: type, label: t(`types.${type}`) })),
          }))}
        />
        <TextInput name="name" label={t('form.name')} hint={t('form.name_hint')} />
        <RadioRows
          name="kind"
          label={t('form.kind')}
          columns={2}
          choices={[
            ...options(['call', 'visit', 'message']),
            {
              value: 'other',
              label: t('form.other'),
              revealed: <TextInput name="otherKind" label={t('form.other_what')} />,
            },
          ]}
        />
        <DateField
          name="on"
          label={t('form.when')}
          calendar
          quick={[
            { value: '2026-11-24', label: t('form.today'), hint: format.shortDay('2026-11-24') },
            { value: '2026-11-23', label: t('form.yesterday'), hint: format.shortDay('2026-11-23') },
          ]}
        />
        <div className="flex flex-wrap gap-8">
          <DateField name="born" label={t('form.born')} precision="partial" hint={ui('date.partial_hint')} optional />
          <DateField name="started" label={t('form.started')} precision="partial" calendar />
        </div>
        <CheckRows
          name="adapted"
          label={t('form.acts')}
          choices={[
            { value: 'age', label: t('form.age') },
            { value: 'need', label: t('form.need'), hint: t('form.need_hint') },
          ]}
        />
        <Combobox
          name="citizenships"
          label={t('form.citizenships')}
          hint={ui('combobox.type_to_search')}
          lookup="countries"
          many
          chosen={['ER', 'ET'].map((value) => ({ value, label: format.country(value) }))}
        />
        <Combobox
          name="language"
          label={t('form.language')}
          lookup="languages"
          optional
          recent={['tir', 'amh', 'ara'].map((value) => ({ value, label: format.language(value) }))}
        />
        <ProfileField
          name="gender"
          label={t('form.gender')}
          why={t('form.gender_why')}
          stateLabels={{
            stated: ui('answer.stated'),
            declined: ui('answer.declined'),
            not_asked: ui('answer.not_asked'),
            unknown: ui('answer.unknown'),
          }}
        >
          <Select
            name="gender.value"
            label={t('form.gender')}
            options={[
              { value: 'woman', label: t('form.woman') },
              { value: 'man', label: t('form.man') },
            ]}
          />
        </ProfileField>
        <Repeat name="names" legend={t('form.names')} addLabel={t('form.add_name')}>
          <TextInput name=".value" label={t('form.name')} />
          <Select name=".kind" label={t('form.kind')} options={options(['call', 'visit'])} />
        </Repeat>
        <Select
          name="risk"
          label={t('form.risk')}
          options={[
            { value: 'high', label: t('table.high') },
            { value: 'low', label: t('table.low') },
          ]}
        />
        <div>
          <Details summary={t('folds.where')} value={t('folds.where_value')}>
            <div className="grid gap-4">
              <TextInput name="code" label={t('form.code')} code width="sm" />
              <TextInput name="amount" label={t('form.amount')} inputMode="decimal" width="xs" />
              <TextInput name="email" label={t('form.email')} type="email" />
              <PasswordInput name="password" label={t('form.password')} autoComplete="current-password" />
            </div>
          </Details>
        </div>
        <TextArea name="note" label={t('form.note')} optional maxLength={200} visibility={readers} />
        <Reason
          name="reason"
          label={t('form.reason')}
          textName="reasonText"
          textLabel={t('form.reason_text')}
          readers={readers}
          codes={[
            { value: 'wrong_case', label: t('form.reason_wrong') },
            { value: 'twice', label: t('form.reason_twice') },
            { value: 'other', label: t('form.reason_other'), needsText: true },
          ]}
        />
        <CheckBox name="copy" label={t('form.tick')} hint={t('form.tick_hint')} />
      </ActionForm>
      <div className="mt-16">
        <Section title={t('confirm.title')}>
          <Confirmation will={[t('confirm.will'), t('confirm.told')]} cannotUndo={[t('confirm.undo')]}>
            <ActionForm
              action={saveSample}
              initial={await initialForm()}
              submit={t('confirm.void')}
              tone="stop"
              cancel={{ href: '/kit', label: t('confirm.keep') }}
              cancelFirst
              label={t('confirm.title')}
            />
          </Confirmation>
        </Section>
      </div>
    </>
  )
}
