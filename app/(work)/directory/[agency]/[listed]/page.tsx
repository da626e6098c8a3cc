import { notFound } from 'next/navigation'
import { getTranslations } from 'next-intl/server'
import { typeNames } from '@/components/assistance/category-choices'
import { CategoryTile } from '@/components/assistance/category-tile'
import { offerWords } from '@/components/directory/offer-words'
import { RoomState } from '@/components/directory/room-state'
import { orMissing, titleOrMissing } from '@/components/layout/or-missing'
import { LinkButton } from '@/components/ui/button'
import { Code } from '@/components/ui/code'
import { Facts, type Fact } from '@/components/ui/facts'
import { ActionForm } from '@/components/ui/form'
import { AppLink } from '@/components/ui/link'
import { Notice } from '@/components/ui/notice'
import { PageHeader, Section } from '@/components/ui/page-header'
import { Pill } from '@/components/ui/pill'
import { TextInput } from '@/components/ui/text-input'
import { requireActorWho } from '@/lib/auth/require-actor'
import { WEEKDAYS, type AreaView, type ListedServiceDetail, type ListedStatus } from '@/lib/directory/schema'
import { viewFacets, viewListedService } from '@/lib/directory/service'
import { initialForm } from '@/lib/forms/initial-form'
import { parseCode } from '@/lib/platform/ids'
import { updateRoomAction } from '../../actions'

type Props = PageProps<'/directory/[agency]/[listed]'>

const TONES = { active: 'go', paused: 'warn', ended: 'calm' } as const satisfies Record<ListedStatus, string>

export const generateMetadata = titleOrMissing(ListedServicePage, async ({ params }: Props) => {
  const t = await getTranslations('directory')
  const code = parseCode((await params).listed, 'DIR')
  return code === null ? {} : { title: t('view_title', { code }) }
})

export default orMissing(ListedServicePage)

/** One service: for whom, where, when, with how much room, and who answers. */
async function ListedServicePage({ params }: Props) {
  const { agency, listed: code } = await params
  const actor = await requireActorWho('directory:read')
  const found = await viewListedService(actor, { service: code })
  if (!found.ok || found.value.agency !== agency) notFound()
  const facets = await viewFacets(actor)
  if (!facets.ok) notFound()
  const service = found.value
  const t = await getTranslations('directory')
  const own = `/directory/own/${service.code}`
  return (
    <>
      <PageHeader
        title={<bdi>{service.name}</bdi>}
        crumbs={[
          { label: t('title'), href: '/directory' },
          { label: <bdi>{service.agencyName}</bdi>, href: `/directory/${service.agency}` },
        ]}
        pills={<Pill tone={TONES[service.status]}>{t(`status.${service.status}`)}</Pill>}
        facts={<Code code={service.code} />}
        {...(service.may.change
          ? {
              secondary: <LinkButton href={`${own}/change`}>{t('change')}</LinkButton>,
              more: (
                <>
                  <AppLink href={`${own}/receivers`}>{t('set_receivers')}</AppLink>
                  <AppLink href={`${own}/end`}>{t('end')}</AppLink>
                </>
              ),
            }
          : {})}
      />
      {service.receivers + service.standIns === 0 && service.status !== 'ended' ? (
        <div className="mb-6">
          <Notice tone="warn">{t('nobody_answers')}</Notice>
        </div>
      ) : null}
      {service.fit.agreement === 'no' ? (
        <div className="mb-6">
          <Notice tone="warn">{t('no_agreement')}</Notice>
        </div>
      ) : null}
      <div className="mb-8">
        <Facts facts={await factsOf(service, facets.value.areas)} />
      </div>
      <Section title={t('room_title')}>
        <RoomState service={service} />
        {service.may.updateRoom ? <RoomForm service={service} /> : null}
      </Section>
      <Opening service={service} />
      <Answering service={service} />
    </>
  )
}

async function factsOf(service: ListedServiceDetail, areas: readonly AreaView[]): Promise<readonly Fact[]> {
  const t = await getTranslations('directory')
  const name = await typeNames()
  const words = await offerWords(areas)
  const yesNo = (is: boolean) => t(is ? 'yes_word' : 'no_word')
  return [
    {
      label: t('category'),
      value: <CategoryTile category={service.category} label={name(service.category, service.type)} />,
    },
    ...(service.description === null ? [] : [{ label: t('about'), value: <bdi>{service.description}</bdi> }]),
    {
      label: t('whom'),
      value: words.whom(service).map((line) => (
        <span key={line} className="block">
          {line}
        </span>
      )),
    },
    { label: t('area'), value: <bdi>{words.where(service)}</bdi> },
    { label: t('language'), value: words.languages(service) },
    { label: t('step_free'), value: yesNo(service.stepFree) },
    { label: t('with_children'), value: yesNo(service.withChildren) },
  ]
}

/** A number to type, and four presses that need no typing. */
async function RoomForm({ service }: { readonly service: ListedServiceDetail }) {
  const t = await getTranslations('directory')
  const { room, agency, code } = service
  if (room === null) return null
  const seen = room.available
  const presses = [
    { intent: 'same', label: t('room_same') },
    { intent: 'less', label: t('room_less') },
    { intent: 'more', label: t('room_more') },
    { intent: 'full', label: t('room_full') },
  ]
  return (
    <div className="mt-4">
      <ActionForm
        action={updateRoomAction}
        initial={await initialForm({ available: seen === null ? '' : String(seen) }, `/directory/${agency}/${code}`)}
        submit={t('room_save')}
        also={seen === null ? presses.filter(({ intent }) => intent === 'full') : presses}
        tone="secondary"
        hidden={{
          service: code,
          roomVersion: String(room.version),
          ...(seen === null ? {} : { seen: String(seen) }),
          ...(room.maximum === null ? {} : { most: String(room.maximum) }),
        }}
        label={t('room_title')}
      >
        <TextInput
          name="available"
          label={t('room_available')}
          hint={t('room_available_hint')}
          width="xs"
          inputMode="numeric"
          maxLength={4}
          optional
        />
      </ActionForm>
    </div>
  )
}

async function Opening({ service }: { readonly service: ListedServiceDetail }) {
  const t = await getTranslations('directory')
  const { opening, timeZone, isOpenNow } = service
  const isAlways =
    opening.length === WEEKDAYS.length && opening.every(({ opens, closes }) => opens === '00:00' && closes === '24:00')
  const spansOn = (day: number) =>
    opening
      .filter((span) => span.day === day)
      .map(({ opens, closes }) => t('span', { opens, closes }))
      .join(', ')
  return (
    <Section title={t('opening')}>
      {opening.length === 0 ? <p className="text-ink-2">{t('opening_untold')}</p> : null}
      {isAlways ? <p>{t('always')}</p> : null}
      {opening.length === 0 || isAlways ? null : (
        <>
          <p className="mb-2">
            {t(isOpenNow === true ? 'open_now' : 'closed_now')}.{' '}
            <span className="text-ink-2">{t('opening_zone', { zone: timeZone.replaceAll('_', ' ') })}</span>
          </p>
          <Facts facts={WEEKDAYS.map((day) => ({ label: t(`day.${day}`), value: spansOn(day) || t('closed_day') }))} />
        </>
      )}
    </Section>
  )
}

async function Answering({ service }: { readonly service: ListedServiceDetail }) {
  const t = await getTranslations('directory')
  const { answering, receivers, standIns } = service
  const counts = [
    t('receivers_count', { count: receivers }),
    ...(standIns === 0 ? [] : [t('stand_ins_count', { count: standIns })]),
  ]
  return (
    <Section title={t('receivers')}>
      <p className="mb-2">{counts.join(', ')}</p>
      {answering === null ? <p className="measure text-ink-2">{t('receivers_others')}</p> : null}
      {answering?.length === 0 ? <p className="text-ink-2">{t('receiver_none')}</p> : null}
      {answering === null || answering.length === 0 ? null : (
        <ul className="border-t border-line">
          {answering.map(({ code, name, standsIn, mayAnswer, isAway }) => (
            <li key={code} className="flex flex-wrap gap-x-3 border-b border-line py-cell">
              <bdi className="min-w-0 flex-1">{name}</bdi>
              <span className="text-ink-2">
                {[
                  t(standsIn ? 'stand_in' : 'receiver'),
                  ...(isAway ? [t('away')] : []),
                  ...(mayAnswer ? [] : [t('no_longer')]),
                ].join(', ')}
              </span>
            </li>
          ))}
        </ul>
      )}
    </Section>
  )
}
