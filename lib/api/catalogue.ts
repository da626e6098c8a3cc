import 'server-only'

import type { Endpoint } from './endpoint'
import { AGENCY_ENDPOINTS } from './endpoints/agencies'
import { ASSISTANCE_ENDPOINTS } from './endpoints/assistance'
import { AUDIT_ENDPOINTS } from './endpoints/audit'
import { CASE_ENDPOINTS } from './endpoints/cases'
import { CONSENT_ENDPOINTS } from './endpoints/consents'
import { CONTACT_ENDPOINTS } from './endpoints/contacts'
import { DIRECTORY_ENDPOINTS } from './endpoints/directory'
import { DISPARITY_ENDPOINTS } from './endpoints/disparities'
import { FINDING_ENDPOINTS } from './endpoints/findings'
import { LED_CASE_ENDPOINTS } from './endpoints/led-cases'
import { MANDATE_ENDPOINTS } from './endpoints/mandate'
import { NEED_ENDPOINTS } from './endpoints/needs'
import { OWN_FILE_ENDPOINTS } from './endpoints/own-files'
import { OVERSIGHT_RULE_ENDPOINTS } from './endpoints/register'
import { PEOPLE_ENDPOINTS } from './endpoints/people'
import { PAPER_REFERRAL_ENDPOINTS } from './endpoints/paper-referrals'
import { REFERRAL_ENDPOINTS } from './endpoints/referrals'
import { SAMPLE_ENDPOINTS } from './endpoints/samples'
import { REPORT_ENDPOINTS } from './endpoints/reports'
import { TURNED_AWAY_ENDPOINTS } from './endpoints/turned-away'

/** Every endpoint of the API; openapi.json and the access matrix are made from it. */
export const CATALOGUE: readonly Endpoint[] = [
  ...MANDATE_ENDPOINTS,
  ...AGENCY_ENDPOINTS,
  ...PEOPLE_ENDPOINTS,
  ...CASE_ENDPOINTS,
  ...NEED_ENDPOINTS,
  ...ASSISTANCE_ENDPOINTS,
  ...CONTACT_ENDPOINTS,
  ...TURNED_AWAY_ENDPOINTS,
  ...CONSENT_ENDPOINTS,
  ...REFERRAL_ENDPOINTS,
  ...OWN_FILE_ENDPOINTS,
  ...LED_CASE_ENDPOINTS,
  ...PAPER_REFERRAL_ENDPOINTS,
  ...DIRECTORY_ENDPOINTS,
  ...AUDIT_ENDPOINTS,
  ...DISPARITY_ENDPOINTS,
  ...OVERSIGHT_RULE_ENDPOINTS,
  ...REPORT_ENDPOINTS,
  ...FINDING_ENDPOINTS,
  ...SAMPLE_ENDPOINTS,
]
