import { getTranslations } from 'next-intl/server'
import type { ReactNode } from 'react'
import { Code } from '@/components/ui/code'
import { CopyCode } from '@/components/ui/copy-code'
import { FactLine } from '@/components/ui/facts'
import { AppLink } from '@/components/ui/link'
import { Notice } from '@/components/ui/notice'
import { PageHeader } from '@/components/ui/page-header'
import type { RevealAction } from '@/lib/forms/reveal-state'
import { getFormat } from '@/lib/i18n/get-format'
import type { SafeContactView } from '@/lib/people/safe-contact-schema'
import type { PersonView } from '@/lib/people/schema'
import { IdentityBand, type IdentityAccess } from './identity-band'
import { personFactItems } from './person-facts'
import { SafeContact } from './safe-contact-line'

type PersonHeaderProps = {
  readonly person: PersonView
  readonly reveal: RevealAction
  readonly primary?: ReactNode
  readonly more?: ReactNode
}

/** Code, facts, then safe contact, then identity: never a name, and no contact detail before the rules for it. */
export async function PersonHeader({ person, reveal, primary, more }: PersonHeaderProps) {
  const t = await getTranslations('persons')
  const format = await getFormat()
  const { profile, safeContact, birthBand } = person
  const registered = t('page.registered', {
    when: format.day(person.registeredAt.slice(0, 10)),
    who: person.registeredBy,
  })
  const facts = profile === null ? [] : await personFactItems({ birthBand, profile })
  return (
    <>
      <PageHeader
        title={
          <>
            <Code code={person.code} />
            <CopyCode code={person.code} />
          </>
        }
        crumbs={[{ label: t('find.title'), href: '/persons/find' }]}
        facts={<FactLine items={[...facts, registered]} />}
        primary={primary}
        more={more}
      />
      <div className="mb-6 grid gap-1">
        {person.team ? null : <Notice icon="eye">{t('page.skeleton', { who: person.registeredBy })}</Notice>}
        {safeContact === null ? null : (
          <SafeContact
            view={safeContact}
            ask={
              <AppLink href={`/persons/${person.code}/edit/safe-contact`}>
                {t(isAsked(safeContact) ? 'page.change' : 'page.ask')}
              </AppLink>
            }
          />
        )}
        <IdentityBand
          access={accessOf(person, format.day)}
          subject={person.code}
          action={reveal}
          {...(person.identity.last === null
            ? {}
            : { last: { who: person.identity.last.who, when: format.moment(new Date(person.identity.last.at)) } })}
        />
      </div>
    </>
  )
}

function isAsked({ state }: SafeContactView): boolean {
  return state === 'rules' || state === 'none'
}

function accessOf({ identity, erasedAt }: PersonView, day: (value: string) => string): IdentityAccess {
  if (identity.access === 'erased') return { kind: 'erased', on: erasedAt === null ? '' : day(erasedAt.slice(0, 10)) }
  return { kind: identity.access }
}
