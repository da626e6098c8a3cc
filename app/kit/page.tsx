import { getTranslations } from 'next-intl/server'
import { CategoryIcon, CategoryTile, type Category } from '@/components/assistance/category-tile'
import { UrgencyFlag } from '@/components/assistance/urgency-flag'
import { MandateChips } from '@/components/mandate/mandate-chip'
import { Button, LinkButton } from '@/components/ui/button'
import { Code } from '@/components/ui/code'
import { CopyCode } from '@/components/ui/copy-code'
import { Details, Disclosure } from '@/components/ui/details'
import { EmptyState } from '@/components/ui/empty-state'
import { AppLink, RecordLink } from '@/components/ui/link'
import { Notice } from '@/components/ui/notice'
import { PageHeader, Section } from '@/components/ui/page-header'
import { Pill } from '@/components/ui/pill'
import { VisibilityLine } from '@/components/ui/visibility-line'

const CATEGORIES: readonly Category[] = ['legal', 'psychological', 'medical', 'social', 'residency', 'reintegration']
const NOTICES = ['info', 'warn', 'stop', 'go', 'calm'] as const
const GROUNDS = [
  'bg-page',
  'bg-surface',
  'bg-sunken',
  'bg-raised',
  'bg-action-soft',
  'bg-stop-soft',
  'bg-warn-soft',
  'bg-go-soft',
  'bg-info-soft',
  'bg-calm-soft',
  'bg-private-soft',
] as const

export default async function KitPage() {
  const t = await getTranslations('kit')
  return (
    <>
      <PageHeader title={t('title')} facts={t('facts')} />
      <Section title={t('type.title')}>
        <div className="grid gap-2">
          <p className="text-title font-semibold">{t('type.h1')}</p>
          <p className="text-head font-semibold">{t('type.h2')}</p>
          <p className="text-lead font-semibold">{t('type.h3')}</p>
          <p className="measure">{t('type.body')}</p>
          <p className="text-note text-ink-2">{t('type.note')}</p>
        </div>
      </Section>
      <Section title={t('buttons.title')}>
        <div className="flex flex-wrap items-center gap-3">
          <Button tone="primary" type="button">
            {t('buttons.save')}
          </Button>
          <Button type="button">{t('buttons.another')}</Button>
          <Button tone="quiet" type="button">
            {t('buttons.cancel')}
          </Button>
          <Button tone="stop" type="button">
            {t('buttons.withdraw')}
          </Button>
          <Button tone="leave" size="sm" type="button">
            {t('buttons.leave')}
          </Button>
          <LinkButton href="/kit" tone="primary" icon="plus">
            {t('empty.act')}
          </LinkButton>
          <LinkButton href="/kit" size="sm">
            {t('buttons.log')}
          </LinkButton>
          <AppLink href="/kit">{t('buttons.link')}</AppLink>
          <RecordLink href="/kit">{t('buttons.record')}</RecordLink>
        </div>
      </Section>
      <Section title={t('pills.title')}>
        <div className="flex flex-wrap gap-3">
          <Pill icon="pencil-line" dashed>
            {t('pills.draft')}
          </Pill>
          <Pill tone="info" icon="eye">
            {t('pills.seen')}
          </Pill>
          <Pill tone="warn" icon="message-circle">
            {t('pills.asks')}
          </Pill>
          <Pill tone="go" icon="circle-check">
            {t('pills.met')}
          </Pill>
          <Pill tone="stop" icon="timer-off">
            {t('pills.expired')}
          </Pill>
          <Pill icon="archive">{t('pills.closed')}</Pill>
        </div>
      </Section>
      <Section title={t('categories')}>
        <div className="grid gap-4">
          <div className="flex flex-wrap gap-2">
            {CATEGORIES.map((category) => (
              <CategoryIcon key={category} category={category} />
            ))}
          </div>
          <div className="flex flex-wrap gap-x-6 gap-y-2">
            {CATEGORIES.map((category) => (
              <CategoryTile key={category} category={category} />
            ))}
          </div>
          <div className="flex flex-wrap items-center gap-4">
            <UrgencyFlag urgency="emergency" />
            <UrgencyFlag urgency="urgent" />
            <UrgencyFlag urgency="routine" />
          </div>
        </div>
      </Section>
      <Section title={t('chips')}>
        <div className="flex flex-wrap items-center gap-4">
          <MandateChips
            paragraphs={[{ paragraph: '6(b)' }, { paragraph: '9' }, { paragraph: '6(c)', reason: t('adapted') }]}
          />
          <VisibilityLine audience={t('form.team')} href="/kit" />
        </div>
      </Section>
      <Section title={t('codes')}>
        <div className="flex flex-wrap gap-6">
          <Code code="AMP-7K3MQ2XH4" />
          <CopyCode code="AMP-7K3MQ2XH4" />
          <Code code="SVC-31K0QW8EX" />
        </div>
      </Section>
      <Section title={t('notices.title')}>
        <div className="grid max-w-3xl gap-3">
          {NOTICES.map((tone) => (
            <Notice key={tone} tone={tone} title={tone === 'warn' ? t('notices.heading') : undefined}>
              {t(`notices.${tone}`)}
            </Notice>
          ))}
        </div>
      </Section>
      <Section title={t('folds.title')}>
        <Details summary={t('folds.where')} value={t('folds.where_value')}>
          {t('folds.inside')}
        </Details>
        <Details summary={t('folds.where')} value={t('folds.where_value')} open>
          {t('folds.inside')}
        </Details>
        <div className="pt-3">
          <Disclosure summary={t('folds.why')}>{t('form.gender_why')}</Disclosure>
        </div>
      </Section>
      <Section title={t('colours')}>
        <div className="grid grid-cols-2 gap-2 md:grid-cols-4">
          {GROUNDS.map((ground) => (
            <div key={ground} className={`rounded-md border border-line p-3 text-note ${ground}`}>
              <code className="font-code">{ground}</code>
              <AppLink href="/kit" className="block text-action-ink underline">
                {t('buttons.link')}
              </AppLink>
            </div>
          ))}
        </div>
      </Section>
      <EmptyState
        title={t('empty.title')}
        act={
          <LinkButton href="/kit" icon="plus">
            {t('empty.act')}
          </LinkButton>
        }
      >
        {t('empty.text')}
      </EmptyState>
    </>
  )
}
