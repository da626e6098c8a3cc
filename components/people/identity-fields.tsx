import { getTranslations } from 'next-intl/server'
import { FieldFold } from '@/components/assistance/field-fold'
import { DateField } from '@/components/ui/date-field'
import { Repeat } from '@/components/ui/repeat'
import { Select } from '@/components/ui/select'
import { TextInput } from '@/components/ui/text-input'
import { DOCUMENT_TYPES } from '@/lib/people/identity-schema'
import { KeptValue } from './hidden-field'

const FOLDED = ['identity.aliases', 'identity.emails', 'identity.addresses', 'identity.documents']

type IdentityFieldsProps = {
  /** Puts the cursor into the first name. */
  readonly focusFirst?: boolean
  /** Opens the part that is folded in a registration. */
  readonly isWhole?: boolean
}

/** Who someone is: names, birth, phones; the rest folded until it is needed. Nothing is required. */
export async function IdentityFields({ focusFirst = false, isWhole = false }: IdentityFieldsProps) {
  const t = await getTranslations('persons.identity')
  const lines = [
    { list: 'emails', legend: t('emails'), label: t('email'), add: t('add_email'), type: 'email', longest: 254 },
    {
      list: 'addresses',
      legend: t('addresses'),
      label: t('address'),
      add: t('add_address'),
      type: 'text',
      longest: 500,
    },
  ] as const
  return (
    <>
      <Repeat name="identity.names" legend={t('names')} addLabel={t('add_name')} most={10}>
        <TextInput name=".value" label={t('name')} hint={t('name_hint')} width="md" focusFirst={focusFirst} />
        <KeptValue name=".script" />
      </Repeat>
      <DateField name="identity.birthDate" label={t('birth')} hint={t('birth_hint')} precision="partial" />
      <Repeat name="identity.phones" legend={t('phones')} addLabel={t('add_phone')} most={10}>
        <TextInput name=".value" label={t('phone')} type="tel" maxLength={40} />
      </Repeat>
      <FieldFold
        summary={t('more')}
        fields={FOLDED}
        filled={t('more_filled')}
        nothing={t('more_value')}
        startsOpen={isWhole}
      >
        <div className="grid gap-8">
          <Repeat name="identity.aliases" legend={t('aliases')} addLabel={t('add_alias')}>
            <TextInput name=".value" label={t('alias')} />
            <KeptValue name=".script" />
          </Repeat>
          {lines.map(({ list, legend, label, add, type, longest }) => (
            <Repeat key={list} name={`identity.${list}`} legend={legend} addLabel={add} most={10}>
              <TextInput name=".value" label={label} type={type} maxLength={longest} />
            </Repeat>
          ))}
          <Repeat name="identity.documents" legend={t('documents')} addLabel={t('add_document')} most={10}>
            <Select
              name=".type"
              label={t('document_type')}
              options={DOCUMENT_TYPES.map((type) => ({ value: type, label: t(`document_types.${type}`) }))}
            />
            <TextInput name=".number" label={t('document_number')} maxLength={60} />
            <KeptValue name=".country" />
          </Repeat>
        </div>
      </FieldFold>
    </>
  )
}
