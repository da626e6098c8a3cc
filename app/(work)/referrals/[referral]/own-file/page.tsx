import { notFound, redirect } from 'next/navigation'
import { getTranslations } from 'next-intl/server'
import type { ReactNode } from 'react'
import { orMissing, titleOrMissing } from '@/components/layout/or-missing'
import { Disclosed } from '@/components/referrals/disclosed'
import { fieldValues } from '@/components/referrals/field-values'
import { OwnFileFacts } from '@/components/referrals/own-file-facts'
import { LinkButton } from '@/components/ui/button'
import { CheckRows, RadioRows } from '@/components/ui/choices'
import { Code } from '@/components/ui/code'
import { ActionForm } from '@/components/ui/form'
import { Notice } from '@/components/ui/notice'
import { PageHeader, Section } from '@/components/ui/page-header'
import { WhileOpen } from '@/components/ui/while-open'
import type { Actor } from '@/lib/access/actor'
import { requireActor } from '@/lib/auth/require-actor'
import { CLOSURE_REASONS } from '@/lib/cases/schema'
import { initialForm } from '@/lib/forms/initial-form'
import { getFormat } from '@/lib/i18n/get-format'
import { nameOfField } from '@/lib/referrals/facts-schema'
import { offerOwnFile } from '@/lib/referrals/own-file/open-service'
import {
  NEW_PERSON,
  OWN_FILE_KINDS,
  type OwnFileKind,
  type OwnFileOffer,
  type OwnFileState,
  type OwnFileView,
} from '@/lib/referrals/own-file/schema'
import { ownFileState } from '@/lib/referrals/own-file/service'
import { pick } from '../../../services/address'
import { codeIn } from '../referral-metadata'
import { endOwnFileAction, openOwnFileAction, rebaseOwnFileAction } from './actions'
import { DutyFields, SaidFields } from './basis-fields'

type Props = PageProps<'/referrals/[referral]/own-file'>

export const generateMetadata = titleOrMissing(OwnFilePage, async (props: Props) => {
  const t = await getTranslations('own_files')
  return { title: t('page_title', { code: await codeIn(props) }) }
})

export default orMissing(OwnFilePage)

/** A file of the agency's own: first on what it rests, then what is copied; once it is open, how it stands. */
async function OwnFilePage(props: Props) {
  const actor = await requireActor()
  const code = await codeIn(props)
  const found = await ownFileState(actor, { referral: code })
  if (!found.ok) notFound()
  const { file, mayOpen, bases } = found.value
  const { basis } = pick(await props.searchParams, ['basis'])
  const chosen = OWN_FILE_KINDS.find((kind) => kind === basis)
  if (file !== null) return <Kept code={code} file={file} />
  if (!mayOpen) notFound()
  return chosen === undefined ? <Choose code={code} bases={bases} /> : <Open actor={actor} code={code} basis={chosen} />
}

async function Frame({
  code,
  title,
  facts,
  children,
}: {
  readonly code: string
  readonly title: string
  readonly facts?: ReactNode
  readonly children: ReactNode
}) {
  const t = await getTranslations('referrals')
  return (
    <>
      <PageHeader
        title={title}
        crumbs={[
          { label: t('title'), href: '/referrals' },
          { label: <Code code={code} />, href: `/referrals/${code}` },
        ]}
        {...(facts === undefined ? {} : { facts })}
      />
      {children}
    </>
  )
}

async function Choose({ code, bases }: { readonly code: string; readonly bases: OwnFileState['bases'] }) {
  const t = await getTranslations('own_files')
  return (
    <Frame code={code} title={t('choose.title')}>
      <p className="measure mb-6">{t('choose.intro')}</p>
      <ul className="grid max-w-3xl gap-4">
        {bases.map(({ kind, fields }) => (
          <li key={kind} className="grid justify-items-start gap-2 border-b border-line pb-4">
            <h2 className="font-semibold">{t(`kind.${kind}`)}</h2>
            <p className="measure text-ink-2">{fields === 0 ? t(`choose.none.${kind}`) : t(`kind_help.${kind}`)}</p>
            {fields === 0 ? null : (
              <p className="flex flex-wrap items-center gap-3">
                <LinkButton
                  href={`/referrals/${code}/own-file?basis=${kind}`}
                  aria-label={t('choose.use', { basis: t(`kind.${kind}`) })}
                >
                  {t('form.choose')}
                </LinkButton>
                <span className="text-note text-ink-2">{t('choose.fields', { count: fields })}</span>
              </p>
            )}
          </li>
        ))}
      </ul>
    </Frame>
  )
}

async function Open({
  actor,
  code,
  basis,
}: {
  readonly actor: Actor
  readonly code: string
  readonly basis: OwnFileKind
}) {
  const here = `/referrals/${code}/own-file`
  const found = await offerOwnFile(actor, { referral: code, basis })
  if (!found.ok) redirect(here)
  const offer = found.value
  const t = await getTranslations('own_files')
  const rules = offer.fields.filter(({ field }) => field === 'contact.rules')
  return (
    <Frame code={code} title={t('form.submit')} facts={t('form.recorded')}>
      <WhileOpen ask={`/api/referrals/${code}/package`} after={`/referrals/${code}`}>
        <p className="mb-6 flex flex-wrap items-center gap-3">
          <span>{t(`kind.${basis}`)}</span>
          <LinkButton href={here} size="sm">
            {t('form.other_basis')}
          </LinkButton>
        </p>
        {rules.length === 0 ? null : <Disclosed fields={rules} />}
        <ActionForm
          action={openOwnFileAction}
          initial={await initialForm({}, `${here}?basis=${basis}`)}
          submit={t('form.submit')}
          cancel={{ href: `/referrals/${code}` }}
          hidden={{ referral: code, basis }}
          footer={<p className="measure text-note text-ink-2">{t('form.ledger', { agency: offer.fromAgencyName })}</p>}
        >
          <Copied offer={offer} />
          <KnownAs offer={offer} />
          {basis === 'legal_duty' ? <DutyFields /> : null}
          {basis === 'own_consent' ? <SaidFields /> : null}
        </ActionForm>
      </WhileOpen>
    </Frame>
  )
}

async function Copied({ offer }: { readonly offer: OwnFileOffer }) {
  const t = await getTranslations('own_files.form')
  const name = await getTranslations('referrals.field')
  const format = await getFormat()
  const write = await fieldValues()
  return (
    <div className="grid gap-3">
      <CheckRows
        name="fields"
        label={t('fields')}
        hint={t('fields_hint')}
        choices={offer.fields.map(({ field, value }) => {
          const told = field === 'contact.rules' ? null : write(field, value)
          return {
            value: field,
            label: name(nameOfField(field)),
            ...(told === null ? {} : { hint: <span dir="auto">{told}</span> }),
          }
        })}
      />
      {offer.left.length === 0 ? null : (
        <p className="measure text-note text-ink-2">
          {t('left_help', { fields: format.list(offer.left.map((field) => name(nameOfField(field)))) })}
        </p>
      )}
    </div>
  )
}

/** Search before create: whom of their own the agency may know already. */
async function KnownAs({ offer }: { readonly offer: OwnFileOffer }) {
  const t = await getTranslations('own_files.form')
  const workable = offer.alike.filter(({ team }) => team)
  const others = offer.alike.filter(({ team }) => !team)
  return (
    <div className="grid gap-3">
      <RadioRows
        name="person"
        label={t('person')}
        hint={offer.alike.length === 0 ? t('nobody') : t('person_hint')}
        choices={[
          ...workable.map(({ code, birthBand: band }) => ({
            value: code,
            label: t('known', { code }),
            hint: band === null ? t('known_no_band') : t('known_hint', { band: String(band) }),
          })),
          { value: NEW_PERSON, label: t('new') },
        ]}
      />
      {others.map(({ code, responsible }) => (
        <p key={code} className="measure text-note text-ink-2">
          {t('not_on_team', { code, who: responsible })}
        </p>
      ))}
    </div>
  )
}

async function Kept({ code, file }: { readonly code: string; readonly file: OwnFileView }) {
  const t = await getTranslations('own_files')
  const isOurs = file.side === 'receiver'
  const isOver = file.endedAt !== null
  return (
    <Frame code={code} title={isOurs ? t('title') : t('section')} facts={<bdi>{file.agencyName}</bdi>}>
      {isOurs && file.basisEndedAt !== null && !isOver ? <Notice tone="stop">{t('gone')}</Notice> : null}
      {isOurs && file.own === null ? <p className="measure mb-3 text-ink-2">{t('by_us_only')}</p> : null}
      {file.own?.knownBefore === true ? <p className="measure mb-3 text-ink-2">{t('known_before')}</p> : null}
      <OwnFileFacts file={file} />
      {file.may.rebase ? <Rebase code={code} /> : null}
      {file.may.end && file.own !== null ? <End code={code} isOpen={file.own.isOpen} /> : null}
    </Frame>
  )
}

async function Rebase({ code }: { readonly code: string }) {
  const t = await getTranslations('own_files')
  return (
    <Section title={t('rebase.title')} id="basis">
      <ActionForm
        action={rebaseOwnFileAction}
        initial={await initialForm({}, `/referrals/${code}/own-file`)}
        submit={t('rebase.submit')}
        label={t('rebase.title')}
        tone="secondary"
        hidden={{ referral: code }}
      >
        <RadioRows
          name="basis"
          label={t('rebase.basis')}
          choices={OWN_FILE_KINDS.map((kind) => ({
            value: kind,
            label: t(`kind.${kind}`),
            ...(kind === 'legal_duty' ? { revealed: <DutyFields /> } : {}),
            ...(kind === 'own_consent' ? { revealed: <SaidFields /> } : {}),
          }))}
        />
      </ActionForm>
    </Section>
  )
}

async function End({ code, isOpen }: { readonly code: string; readonly isOpen: boolean }) {
  const t = await getTranslations('own_files.end')
  const reasons = await getTranslations('cases.closure')
  return (
    <Section title={t('title')} id="end">
      <p className="measure mb-3 text-ink-2">{t('intro')}</p>
      <ActionForm
        action={endOwnFileAction}
        initial={await initialForm({}, `/referrals/${code}/own-file`)}
        submit={t('submit')}
        label={t('title')}
        tone="secondary"
        hidden={{ referral: code }}
      >
        {isOpen ? (
          <RadioRows
            name="closureReason"
            label={t('reason')}
            columns={2}
            choices={CLOSURE_REASONS.map((value) => ({ value, label: reasons(value) }))}
          />
        ) : null}
      </ActionForm>
    </Section>
  )
}
