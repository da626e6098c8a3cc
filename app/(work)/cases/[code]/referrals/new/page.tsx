import { notFound, redirect } from 'next/navigation'
import { getTranslations } from 'next-intl/server'
import { z } from 'zod'
import { orMissing, titleOrMissing } from '@/components/layout/or-missing'
import { Code } from '@/components/ui/code'
import { PageHeader } from '@/components/ui/page-header'
import { StateSteps } from '@/components/ui/state-steps'
import type { Actor } from '@/lib/access/actor'
import { requireActor } from '@/lib/auth/require-actor'
import { parseCode } from '@/lib/platform/ids'
import { prepareReferral } from '@/lib/referrals/prepare-service'
import { offerReferral } from '@/lib/referrals/send-service'
import { ChooseStep } from './choose-step'
import { SeeStep } from './see-step'

type Props = PageProps<'/cases/[code]/referrals/new'>

const asked = z.object({
  need: z.union([z.string().max(64), z.array(z.string().max(64)).max(20)]).optional(),
  to: z.string().max(64).optional(),
})

export const generateMetadata = titleOrMissing(NewReferralPage, async ({ params }: Props) => {
  const t = await getTranslations('referrals.new')
  const code = parseCode((await params).code, 'CAS')
  return code === null ? {} : { title: t('page_title', { code }) }
})

export default orMissing(NewReferralPage)

/** A new referral: for which needs, to whom, what they would see, and send. Codes alone stand in the address. */
async function NewReferralPage({ params, searchParams }: Props) {
  const actor = await requireActor()
  const code = parseCode((await params).code, 'CAS')
  if (code === null) notFound()
  const query = asked.safeParse(await searchParams)
  const { need, to } = query.success ? query.data : {}
  const needs = need === undefined ? [] : [need].flat()
  return to === undefined || needs.length === 0 ? choose(actor, code, needs) : see(actor, code, needs, to)
}

async function choose(actor: Actor, code: string, needs: readonly string[]) {
  const found = await prepareReferral(actor, { case: code, needs })
  if (!found.ok && found.refusal === 'not_found') notFound()
  if (!found.ok) redirect(`/cases/${code}`)
  return (
    <>
      <Head code={code} person={found.value.person} step={needs.length === 0 ? 'needs' : 'agency'} />
      <ChooseStep start={found.value} />
    </>
  )
}

async function see(actor: Actor, code: string, needs: readonly string[], to: string) {
  const found = await offerReferral(actor, { case: code, needs: [...needs], directoryService: to, fields: undefined })
  if (!found.ok && found.refusal === 'not_found') notFound()
  if (!found.ok) redirect(`/cases/${code}/referrals/new`)
  return (
    <>
      <Head code={code} person={found.value.person} step="see" />
      <SeeStep offer={found.value} needs={needs} />
    </>
  )
}

async function Head({
  code,
  person,
  step,
}: {
  readonly code: string
  readonly person: string
  readonly step: 'needs' | 'agency' | 'see'
}) {
  const t = await getTranslations('referrals.new')
  const cases = await getTranslations('cases')
  const steps = ['needs', 'agency', 'see', 'send'] as const
  const now = steps.indexOf(step)
  return (
    <>
      <PageHeader
        title={t('title')}
        crumbs={[
          { label: cases('title'), href: '/cases' },
          { label: <Code code={person} />, href: `/cases/${code}` },
        ]}
      />
      <div className="mb-8">
        <StateSteps
          steps={steps.map((key, index) => ({
            key,
            label: t(`step_${key}`),
            at: index < now ? 'passed' : index === now ? 'now' : 'next',
          }))}
        />
      </div>
    </>
  )
}
