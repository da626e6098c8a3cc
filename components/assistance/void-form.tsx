import type { ComponentProps } from 'react'
import { getTranslations } from 'next-intl/server'
import { Code, grouped } from '@/components/ui/code'
import { Confirmation } from '@/components/ui/confirmation'
import { ActionForm } from '@/components/ui/form'
import { PageHeader } from '@/components/ui/page-header'
import { TextArea } from '@/components/ui/text-area'
import type { CaseAudience } from '@/lib/cases/team-schema'
import { RecordAudience } from './record-audience'

type VoidFormProps = Pick<ComponentProps<typeof ActionForm>, 'action' | 'initial'> & {
  readonly kind: 'service' | 'contact'
  readonly record: {
    readonly code: string
    readonly case: string
    readonly person: string | null
    readonly version: number
  }
  /** The record's own page. */
  readonly here: string
  /** Null on another agency's case. */
  readonly audience: CaseAudience | null
}

/** Asks once more, with what will happen, before a record counts nowhere any more. */
export async function VoidForm({ kind, record, here, audience, action, initial }: VoidFormProps) {
  const t = await getTranslations('assistance')
  return (
    <>
      <PageHeader
        title={t(`${kind}.void.title`)}
        crumbs={[
          ...(audience === null
            ? [{ label: t('service.granted.crumb'), href: '/referrals' }]
            : [
                { label: t('cases'), href: '/cases' },
                { label: <Code code={record.person ?? record.case} />, href: `/cases/${record.case}` },
              ]),
          { label: <Code code={record.code} />, href: here },
        ]}
      />
      <Confirmation
        will={[t(`${kind}.void.will`, { code: grouped(record.code) }), t(`${kind}.void.stays`)]}
        cannotUndo={[t(`${kind}.void.undo`)]}
      >
        <ActionForm
          action={action}
          initial={initial}
          submit={t(`${kind}.void.save`)}
          tone="stop"
          cancel={{ href: here, label: t('back') }}
          cancelFirst
          hidden={{ [kind]: record.code, version: String(record.version) }}
        >
          <TextArea
            name="reason"
            label={t('reason.label')}
            hint={t('reason.hint')}
            maxLength={500}
            rows={3}
            visibility={<RecordAudience audience={audience} caseCode={record.case} />}
          />
        </ActionForm>
      </Confirmation>
    </>
  )
}
