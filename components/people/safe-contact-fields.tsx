import { getTranslations } from 'next-intl/server'
import { Combobox } from '@/components/ui/combobox'
import { Repeat } from '@/components/ui/repeat'
import { Select } from '@/components/ui/select'
import { CheckBox, TextInput } from '@/components/ui/text-input'
import { TextArea } from '@/components/ui/text-area'
import { VisibilityLine } from '@/components/ui/visibility-line'
import { getFormat } from '@/lib/i18n/get-format'
import { CHANNELS, type SafeContactView } from '@/lib/people/safe-contact-schema'

type SafeContactFieldsProps = { readonly view?: SafeContactView; readonly readers: string }

/** How the person can be reached without harm: each channel for itself, and what else to know before anyone tries. */
export async function SafeContactFields({ view, readers }: SafeContactFieldsProps) {
  const t = await getTranslations('persons.safe')
  const format = await getFormat()
  const language = view?.language ?? null
  return (
    <div className="grid gap-8">
      <CheckBox name="safeContact.noSafeWay" label={t('no_way')} hint={t('no_way_hint')} />
      <fieldset className="min-w-0">
        <legend className="font-semibold">{t('channels')}</legend>
        <p className="measure text-note text-ink-2">{t('channels_hint')}</p>
        <div className="mt-2 grid gap-4">
          {CHANNELS.map((channel) => (
            <div
              key={channel}
              role="group"
              aria-label={t(`channel.${channel}`)}
              className="flex flex-wrap items-end gap-3 border-s-2 border-line ps-4"
            >
              <Select
                name={`safeContact.channels.${channel}.safe`}
                label={t(`channel.${channel}`)}
                empty={t('not_asked')}
                options={[
                  { value: 'yes', label: t('safe') },
                  { value: 'no', label: t('unsafe') },
                ]}
              />
              <TextInput name={`safeContact.channels.${channel}.from`} label={t('from')} width="xs" maxLength={5} />
              <TextInput name={`safeContact.channels.${channel}.until`} label={t('until')} width="xs" maxLength={5} />
            </div>
          ))}
        </div>
      </fieldset>
      <TextInput
        name="safeContact.mayAnswer"
        label={t('may_answer')}
        hint={t('may_answer_hint')}
        width="lg"
        maxLength={300}
      />
      <TextInput name="safeContact.codeWord" label={t('code_word')} maxLength={100} />
      <Combobox
        name="safeContact.language"
        label={t('language')}
        lookup="languages"
        chosen={language === null ? [] : [{ value: language, label: format.language(language) }]}
      />
      <Repeat name="safeContact.neverContact" legend={t('never')} addLabel={t('add_never')} most={10}>
        <TextInput name=".value" label={t('never_item')} />
      </Repeat>
      <TextArea
        name="safeContact.notes"
        label={t('notes')}
        maxLength={500}
        rows={3}
        visibility={<VisibilityLine audience={readers} />}
      />
    </div>
  )
}
