/**
 * The six kinds of assistance that the resolution names, each under its paragraph: 6(b) names legal, psychological,
 * medical and social assistance, 6(a) residence, 6(d) return and reintegration. Their service types come from practice
 * (Palermo Protocol art. 6 to 8, the Council of Europe Convention art. 12 to 14, HTCDS support plans).
 */
export const CATEGORY_KEYS = ['legal', 'psychological', 'medical', 'social', 'residency', 'reintegration'] as const
export type CategoryKey = (typeof CATEGORY_KEYS)[number]

export const SERVICE_TYPES = {
  legal: [
    'information_advice',
    'representation_proceedings',
    'compensation_remedy',
    'protection_and_safety_orders',
    'civil_documents',
  ],
  psychological: ['crisis_support', 'counselling_therapy', 'psychiatric_care', 'substance_use'],
  medical: [
    'emergency_care',
    'sexual_reproductive',
    'general_and_chronic',
    'disability_rehabilitation',
    'forensic_examination',
  ],
  social: [
    'emergency_shelter',
    'transitional_housing',
    'basic_needs',
    'cash_financial',
    'interpretation',
    'childcare_guardianship',
    'child_education',
    'safety_planning',
    'transport',
  ],
  residency: [
    'recovery_reflection',
    'temporary_permit',
    'long_term_status',
    'international_protection',
    'statelessness',
    'family_members',
  ],
  reintegration: [
    'voluntary_return',
    'travel_documents',
    'family_tracing_reunification',
    'mediation',
    'vocational_training',
    'adult_education',
    'employment',
    'small_business',
    'follow_up_monitoring',
  ],
} as const satisfies Record<CategoryKey, readonly string[]>

export type ServiceType = { readonly [C in CategoryKey]: (typeof SERVICE_TYPES)[C][number] }[CategoryKey]

/** The paragraph that each category stands under; paragraph 9 comes to every category beside it. */
export const CATEGORY_PARAGRAPH = {
  legal: '6(b)',
  psychological: '6(b)',
  medical: '6(b)',
  social: '6(b)',
  residency: '6(a)',
  reintegration: '6(d)',
} as const satisfies Record<CategoryKey, string>

/** Agencies coordinate so that immediate needs are met: every record of assistance stands under this one too. */
export const COORDINATION_PARAGRAPH = '9'

/** Paragraphs that other paragraphs' pages of a category point to, without being the basis of its records. */
export const RELATED_PARAGRAPHS = {
  legal: ['5(b)', '7'],
  psychological: ['6(c)'],
  medical: ['6(c)'],
  social: ['6(c)'],
  residency: ['7'],
  reintegration: ['2(b)'],
} as const satisfies Record<CategoryKey, readonly string[]>

/** Further paragraphs that a type of service stands under by what it is, whatever the case. */
const TYPE_PARAGRAPHS: { readonly [C in CategoryKey]?: Partial<Record<(typeof SERVICE_TYPES)[C][number], string>> } = {
  legal: { representation_proceedings: '7', protection_and_safety_orders: '7' },
  reintegration: Object.fromEntries(SERVICE_TYPES.reintegration.map((type) => [type, '2(b)'])),
}

/** Type-bound paragraphs as rows; the table `service_type_paragraph` holds the same ones. */
export const SERVICE_TYPE_PARAGRAPHS: readonly {
  readonly category: CategoryKey
  readonly type: string
  readonly paragraph: string
}[] = CATEGORY_KEYS.flatMap((category) =>
  Object.entries(TYPE_PARAGRAPHS[category] ?? {}).map(([type, paragraph]) => ({ category, type, paragraph })),
)

export function isCategoryKey(text: string): text is CategoryKey {
  return CATEGORY_KEYS.some((key) => key === text)
}

/** Whether this type of service belongs to this category. */
export function isServiceTypeOf(category: CategoryKey, type: string): type is ServiceType {
  return SERVICE_TYPES[category].some((key) => key === type)
}
