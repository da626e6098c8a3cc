/** What a category's share of a chart is filled with. */
export const CATEGORY_FILLS = {
  legal: 'fill-legal',
  psychological: 'fill-psychological',
  medical: 'fill-medical',
  social: 'fill-social',
  residency: 'fill-residency',
  reintegration: 'fill-reintegration',
} as const
