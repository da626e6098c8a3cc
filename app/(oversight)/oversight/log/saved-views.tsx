import { getTranslations } from 'next-intl/server'
import { Details } from '@/components/ui/details'
import { ActionForm } from '@/components/ui/form'
import { AppLink } from '@/components/ui/link'
import { TextInput } from '@/components/ui/text-input'
import { initialForm } from '@/lib/forms/initial-form'
import type { KeptFilters, SavedView } from '@/lib/oversight/views/schema'
import { keepViewAction } from './actions'
import { logAddress } from './log-address'

type Props = { readonly views: readonly SavedView[]; readonly filters: KeptFilters }

/** The member's own views of the log, and a fold that keeps the one on the screen. */
export async function SavedViews({ views, filters }: Props) {
  const t = await getTranslations('oversight.views')
  const hidden = Object.fromEntries(
    Object.entries(filters).filter((pair): pair is [string, string] => pair[1] !== undefined),
  )
  const here = logAddress(filters)
  return (
    <section aria-label={t('title')} className="no-print mb-4 grid gap-2">
      {views.length === 0 ? null : (
        <ul className="flex flex-wrap items-center gap-x-4 gap-y-1">
          <li className="text-ink-2">{t('title')}</li>
          {views.map(({ id, name, filters: kept }) => (
            <li key={id}>
              <AppLink href={logAddress(kept)} aria-current={logAddress(kept) === here ? 'true' : undefined}>
                <bdi>{name}</bdi>
              </AppLink>
            </li>
          ))}
          <li>
            <AppLink href="/oversight/log/views" className="text-note">
              {t('manage')}
            </AppLink>
          </li>
        </ul>
      )}
      <Details summary={t('keep_title')}>
        <ActionForm
          action={keepViewAction}
          initial={await initialForm({}, '/oversight/log')}
          submit={t('keep')}
          tone="secondary"
          hidden={hidden}
          label={t('keep_title')}
        >
          <TextInput name="name" label={t('name')} hint={t('name_hint')} maxLength={60} />
        </ActionForm>
      </Details>
    </section>
  )
}
