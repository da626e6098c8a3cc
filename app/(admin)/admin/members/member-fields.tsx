import { getTranslations } from 'next-intl/server'
import { CheckRows } from '@/components/ui/choices'
import { Select } from '@/components/ui/select'
import { TextInput } from '@/components/ui/text-input'
import type { MemberRole, UnitView } from '@/lib/agencies/member-schema'

type MemberFieldsProps = { readonly roles: readonly MemberRole[]; readonly units: readonly UnitView[] }

/** What an administrator says of a colleague, beside the address. */
export async function MemberFields({ roles, units }: MemberFieldsProps) {
  const t = await getTranslations('agencies')
  return (
    <>
      <TextInput name="name" label={t('member.name.label')} hint={t('member.name.hint')} maxLength={120} />
      <CheckRows
        name="roles"
        label={t('member.roles.label')}
        hint={t('member.roles.hint')}
        choices={roles.map((role) => ({ value: role, label: t(`role.${role}`), hint: t(`role_does.${role}`) }))}
      />
      {units.length === 0 ? null : (
        <Select
          name="unit"
          label={t('member.unit.label')}
          optional
          empty={t('member.unit.none')}
          options={units.map(({ id, name }) => ({ value: id, label: name }))}
        />
      )}
    </>
  )
}
