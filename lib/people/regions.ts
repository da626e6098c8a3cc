/**
 * Countries by region of the United Nations' M49 standard (unstats.un.org/unsd/methodology/m49). Statistics outside an
 * agency show regions where countries would be too few people. Taiwan and Kosovo, which M49 lists apart from or not
 * among its countries, stand with their neighbours.
 */
const MEMBERS = {
  'northern-africa': 'DZ EG EH LY MA SD TN',
  'eastern-africa': 'BI DJ ER ET IO KE KM MG MU MW MZ RE RW SC SO SS TF TZ UG YT ZM ZW',
  'middle-africa': 'AO CD CF CG CM GA GQ ST TD',
  'southern-africa': 'BW LS NA SZ ZA',
  'western-africa': 'BF BJ CI CV GH GM GN GW LR ML MR NE NG SH SL SN TG',
  caribbean: 'AG AI AW BB BL BQ BS CU CW DM DO GD GP HT JM KN KY LC MF MQ MS PR SX TC TT VC VG VI',
  'central-america': 'BZ CR GT HN MX NI PA SV',
  'south-america': 'AR BO BR BV CL CO EC FK GF GS GY PE PY SR UY VE',
  'northern-america': 'BM CA GL PM US',
  'central-asia': 'KG KZ TJ TM UZ',
  'eastern-asia': 'CN HK JP KP KR MN MO TW',
  'south-eastern-asia': 'BN ID KH LA MM MY PH SG TH TL VN',
  'southern-asia': 'AF BD BT IN IR LK MV NP PK',
  'western-asia': 'AE AM AZ BH CY GE IL IQ JO KW LB OM PS QA SA SY TR YE',
  'eastern-europe': 'BG BY CZ HU MD PL RO RU SK UA',
  'northern-europe': 'AX DK EE FI FO GB GG IE IM IS JE LT LV NO SE SJ',
  'southern-europe': 'AD AL BA ES GI GR HR IT ME MK MT PT RS SI SM VA XK',
  'western-europe': 'AT BE CH DE FR LI LU MC NL',
  'australia-new-zealand': 'AU CC CX HM NF NZ',
  melanesia: 'FJ NC PG SB VU',
  micronesia: 'FM GU KI MH MP NR PW UM',
  polynesia: 'AS CK NU PF PN TK TO TV WF WS',
  antarctica: 'AQ',
} as const

export type Region = keyof typeof MEMBERS
export const REGIONS = Object.keys(MEMBERS) as readonly Region[]

const REGION_OF: ReadonlyMap<string, Region> = new Map(
  REGIONS.flatMap((region) => MEMBERS[region].split(' ').map((country) => [country, region] as const)),
)

/** The region of a country by its alpha-2 code; null for a code that isn't in use. */
export function regionOf(country: string): Region | null {
  return REGION_OF.get(country) ?? null
}
