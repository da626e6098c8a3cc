import 'server-only'
import {
  LEGAL_BASES,
  PURPOSES,
  URGENCY_KEYS,
  type ChangeNetworkInput,
  type NetworkDetail,
} from '@/lib/agencies/network-schema'
import { getFormat } from '@/lib/i18n/get-format'
import { getKeyTranslator } from '@/lib/i18n/translate-key'

type Named = { readonly value: string; readonly label: string }

/** One setting as the form carries it: its field's name, its values, and how they read. */
export type NetworkField = {
  readonly field: string
  readonly label: string
  readonly values: readonly string[]
  readonly words: (values: readonly string[]) => string
}

/** `09:30` for 570; the end of the day is 24:00. */
export function clockText(minute: number): string {
  return `${String(Math.floor(minute / 60)).padStart(2, '0')}:${String(minute % 60).padStart(2, '0')}`
}

/** What a network sets, as an input would say it. */
export function inputOf(network: NetworkDetail): Omit<ChangeNetworkInput, 'network' | 'version'> {
  const { timeZone, workingDays, opensMinute, closesMinute } = network.calendar
  return {
    name: network.name,
    country: network.country,
    timeZone,
    workingDays: [...workingDays],
    opens: opensMinute,
    closes: closesMinute,
    contactHours: network.contactHours,
    referralLimits: network.referralLimits,
    referralExpiry: network.referralExpiry,
    identification: network.identification,
    legalBases: Object.fromEntries(PURPOSES.map((purpose) => [purpose, [...network.legalBases[purpose]]])) as never,
    smallNumber: network.smallNumber,
    leaveUrl: network.leaveUrl,
    coordinator: network.coordinator?.code,
    oversight: network.oversight?.key,
    identifyingService: network.identifying?.code,
  }
}

/** Every field of the form with what it holds, in the form's order: for the form to begin with and for comparing two. */
export async function networkFields(
  input: Omit<ChangeNetworkInput, 'network' | 'version'>,
  choices: {
    readonly coordinators: readonly Named[]
    readonly oversight: readonly Named[]
    readonly identifying: readonly Named[]
  },
): Promise<readonly NetworkField[]> {
  const { text } = await getKeyTranslator()
  const format = await getFormat()
  const plain = (values: readonly string[]) => values.map((value) => text(value)).join(', ')
  const coded = (prefix: string) => (values: readonly string[]) =>
    format.list(values.map((value) => text(`${prefix}.${value}`)))
  const named = (list: readonly Named[]) => (values: readonly string[]) =>
    values.map((value) => list.find((one) => one.value === value)?.label ?? value).join(', ')
  const one = (field: string, label: string, value: string | number | undefined, words = plain): NetworkField => ({
    field,
    label: text(label),
    values: value === undefined ? [] : [String(value)],
    words,
  })
  return [
    one('name', 'networks.name.label', input.name),
    one('country', 'networks.country', input.country, (values) => values.map((code) => format.country(code)).join()),
    one('timeZone', 'networks.zone', input.timeZone),
    {
      ...one('workingDays', 'networks.hours.days', undefined, coded('networks.weekday')),
      values: input.workingDays.map(String),
    },
    one('opens', 'networks.hours.opens', clockText(input.opens)),
    one('closes', 'networks.hours.closes', clockText(input.closes)),
    ...URGENCY_KEYS.flatMap((urgency) => {
      const prefix = `${text(`networks.urgency.${urgency}`)}: `
      const { hours, source } = input.contactHours[urgency]
      const { acknowledge, decide } = input.referralLimits[urgency]
      return [
        { ...one(`contactHours.${urgency}.hours`, 'networks.limit.hours', hours) },
        { ...one(`contactHours.${urgency}.source`, 'networks.limit.source', text(source)) },
        { ...one(`referralLimits.${urgency}.acknowledge`, 'networks.limit.acknowledge', acknowledge) },
        { ...one(`referralLimits.${urgency}.decide`, 'networks.limit.decide', decide) },
      ].map((field) => ({ ...field, label: prefix + field.label }))
    }),
    one('referralExpiry', 'networks.limit.expiry', input.referralExpiry),
    one('identification.acknowledge', 'networks.identification.acknowledge', input.identification.acknowledge),
    one('identification.decide', 'networks.identification.decide', input.identification.decide),
    one('identification.reconsider', 'networks.identification.reconsider', input.identification.reconsider),
    one('identification.source', 'networks.limit.source', text(input.identification.source)),
    ...PURPOSES.map((purpose) => ({
      ...one(`legalBases.${purpose}`, `networks.purpose.${purpose}`, undefined, coded('networks.basis')),
      values: LEGAL_BASES.filter((basis) => input.legalBases[purpose].includes(basis)),
    })),
    one('smallNumber', 'networks.small_number.label', input.smallNumber),
    one('leaveUrl', 'networks.leave_url.label', input.leaveUrl),
    one('coordinator', 'networks.coordinator.label', input.coordinator, named(choices.coordinators)),
    one('oversight', 'networks.oversight.label', input.oversight, named(choices.oversight)),
    one(
      'identifyingService',
      'networks.identification.authority',
      input.identifyingService,
      named(choices.identifying),
    ),
  ]
}
