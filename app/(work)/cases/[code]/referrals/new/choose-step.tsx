import { getTranslations } from 'next-intl/server'
import { typeNames } from '@/components/assistance/category-choices'
import { CategoryTile } from '@/components/assistance/category-tile'
import { UrgencyFlag } from '@/components/assistance/urgency-flag'
import { FitReasons } from '@/components/directory/fit-reasons'
import { RoomState } from '@/components/directory/room-state'
import { Button, LinkButton } from '@/components/ui/button'
import { DataTable } from '@/components/ui/data-table'
import { EmptyState } from '@/components/ui/empty-state'
import { Section } from '@/components/ui/page-header'
import type { ReferralStart } from '@/lib/referrals/prepare-service'

/** For which needs, and who could help: a form that stays in the address, and links that lead on. */
export async function ChooseStep({ start }: { readonly start: ReferralStart }) {
  const t = await getTranslations('referrals.new')
  const name = await typeNames()
  const here = `/cases/${start.case}/referrals/new`
  if (start.needs.length === 0) {
    return (
      <EmptyState
        title={t('no_needs')}
        act={<LinkButton href={`/cases/${start.case}/needs/new`}>{t('add_need')}</LinkButton>}
      >
        {t('no_needs_help')}
      </EmptyState>
    )
  }
  return (
    <>
      <form action={here} className="mb-8 grid justify-items-start gap-4">
        <fieldset>
          <legend className="mb-2 text-head font-semibold">{t('needs')}</legend>
          <div className="grid gap-2">
            {start.needs.map(({ code, category, type, urgency }) => (
              <label
                key={code}
                className="flex min-h-11 items-center gap-3 rounded-md border border-edge bg-surface px-3 py-2"
              >
                <input
                  type="checkbox"
                  name="need"
                  value={code}
                  defaultChecked={start.chosen.includes(code) || start.needs.length === 1}
                  className="size-5"
                />
                <CategoryTile category={category} label={name(category, type)} />
                <UrgencyFlag urgency={urgency} />
              </label>
            ))}
          </div>
        </fieldset>
        <Button tone={start.chosen.length === 0 ? 'primary' : 'secondary'}>{t('show')}</Button>
      </form>
      {start.chosen.length === 0 ? null : <Services start={start} here={here} />}
    </>
  )
}

async function Services({ start, here }: { readonly start: ReferralStart; readonly here: string }) {
  const t = await getTranslations('referrals.new')
  const name = await typeNames()
  const needs = new URLSearchParams(start.chosen.map((code) => ['need', code]))
  return (
    <Section title={t('services')}>
      <DataTable
        caption={t('services_caption', { count: start.services.length })}
        rows={start.services}
        rowKey={({ code }) => code}
        columns={[
          {
            key: 'service',
            head: t('service'),
            cell: (service) => (
              <>
                <bdi className="font-semibold">{service.name}</bdi>
                <span className="block">
                  <CategoryTile category={service.category} label={name(service.category, service.type)} />
                </span>
              </>
            ),
          },
          { key: 'agency', head: t('agency'), cell: ({ agencyName }) => <bdi>{agencyName}</bdi> },
          { key: 'fit', head: t('fit'), cell: (service) => <FitReasons service={service} /> },
          { key: 'room', head: t('room'), cell: (service) => <RoomState service={service} /> },
          {
            key: 'act',
            head: <span className="unseen">{t('choose')}</span>,
            showHeadOnCard: false,
            cell: ({ code, name: called }) => (
              <LinkButton
                href={`${here}?${needs.toString()}&to=${code}`}
                size="sm"
                aria-label={`${t('choose')}: ${called}`}
              >
                {t('choose')}
              </LinkButton>
            ),
          },
        ]}
        empty={<EmptyState title={t('none')}>{t('none_help')}</EmptyState>}
      />
    </Section>
  )
}
