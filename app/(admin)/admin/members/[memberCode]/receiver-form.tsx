import { getTranslations } from 'next-intl/server'
import { ActionForm } from '@/components/ui/form'
import { Section } from '@/components/ui/page-header'
import { Select } from '@/components/ui/select'
import type { LeaverView } from '@/lib/agencies/member-schema'
import { initialForm } from '@/lib/forms/initial-form'
import { nameReceiverAction } from '../actions'

/** Names who takes over what only somebody who left could see; there always, so that it tells nothing. */
export async function ReceiverForm({ leaver }: { readonly leaver: Pick<LeaverView, 'code' | 'receivers'> }) {
  const t = await getTranslations('agencies.remove.receiver')
  return (
    <Section title={t('title')}>
      {leaver.receivers.length === 0 ? (
        <p className="measure">{t('none')}</p>
      ) : (
        <>
          <p className="measure mb-4">{t('explain')}</p>
          <ActionForm
            action={nameReceiverAction}
            initial={await initialForm()}
            submit={t('submit')}
            hidden={{ member: leaver.code }}
            label={t('title')}
          >
            <Select
              name="receiver"
              label={t('label')}
              options={leaver.receivers.map(({ code, name }) => ({ value: code, label: name }))}
            />
          </ActionForm>
        </>
      )}
    </Section>
  )
}
