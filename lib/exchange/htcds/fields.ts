import {
  DECIDING_BODIES,
  EDUCATION_LEVELS,
  GENDERS,
  MARITAL_STATUSES,
  MEANS,
  PURPOSES,
  RECRUITMENT_METHODS,
  SECTORS,
  SEXUAL_EXPLOITATION_FORMS,
  TRAFFICKING_STATUSES,
} from '@/lib/people/codes'

/** What may stand in a field, and so how it is read. */
export type FieldKind =
  | 'text'
  | 'long_text'
  | 'date'
  | 'birth_date'
  | 'number'
  | 'checkbox'
  | 'country'
  | 'countries'
  | 'language'
  | 'phone'
  | 'email'
  | 'coordinate'
  | 'code'
  | 'codes'

/** A field of the Human Trafficking Case Data Standard 2.0. */
export type HtcdsField = {
  readonly name: string
  readonly kind: FieldKind
  readonly codes?: readonly string[]
  /** Given up by the standard; read without a fault, and left out. */
  readonly deprecated?: true
}

const APPS = words(
  'Facebook Instagram WhatsApp Telegram FacebookMessenger Viber SnapChat Line 4Sale WeChat QQ QZone TikTok Twitter Other',
)
const REFERRAL_REASONS = words('AdditionalServicesRequired MigrationOrChangeOfLocation Other')
const ORGANISATION_TYPES = words(
  'NGO LawEnforcement HealthServiceOrganisation CentralGovernmentOrganisation LocalGovernmentOrganisation ' +
    'ImmigrationService LegalService CorporateBusiness SchoolOrCollege',
)
const ROLES_IN_PROCESS = words(
  'TravellingPartner Transporter RecruiterOrIntermediary BrokerTravelAgent TransferredIndividual HarbouredIndividual ' +
    'SoldIndividual BoughtIndividual ReceivedIndividual ControlledIndividual Smuggler Abuser Kidnapper Exploiter Other',
)
const PLAN_TYPES = words(
  'Education Financial Health LabourExploitationRehabilitation Legal Livelihood RightsBasedTraining ' +
    'SexualExploitationRehabilitation SocialCare',
)
/** Spelled as the standard has it. */
export const TRAFFICKER_RELATIONS = ['Familial', 'Acquainted', 'Unaquainted'] as const
export const CASE_STATUSES = ['Active', 'FollowUp', 'Closed', 'ClosedReferred'] as const
export const EVENT_TYPES = ['Recruitment', 'Transit', 'Exploitation'] as const

/** All fields of the standard that a row about one person's case can have, in its order. */
export const FIELDS: readonly HtcdsField[] = [
  ...text('org_Name org_ShippingCity org_ShippingState org_ShippingStreet org_ShippingPostalCode'),
  field('org_ShippingCountry', 'country'),
  ...coordinates('org_ShippingLongitude org_ShippingLatitude'),
  field('org_Phone', 'phone'),
  field('org_Type', 'code', ORGANISATION_TYPES),
  ...text('prs_Salutation prs_FirstName prs_MiddleName prs_SecondName'),
  field('prs_Birthdate', 'birth_date'),
  field('prs_Gender', 'code', GENDERS),
  field('prs_Deceased', 'checkbox'),
  field('prs_MaritalStatus', 'code', MARITAL_STATUSES),
  field('prs_NumberOfChildren', 'number'),
  field('prs_PrimaryLanguage', 'language'),
  field('prs_SecondaryLanguage', 'language'),
  field('prs_HighestLevelOfEducation', 'code', EDUCATION_LEVELS),
  field('prs_Citizenship', 'countries'),
  ...text('prs_IdentityNumber prs_Title'),
  field('prs_Email', 'email'),
  field('prs_HomePhone', 'phone'),
  field('prs_MobilePhone', 'phone'),
  ...text('prs_MailingStreet prs_MailingCity prs_MailingState prs_MailingPostalCode'),
  field('prs_MailingCountry', 'country'),
  ...coordinates('prs_MailingLongitude prs_MailingLatitude'),
  deprecated('vic_AgreementToManagePersonalData'),
  field('vic_TraffickingStatus', 'code', Object.keys(TRAFFICKING_STATUSES)),
  field('vic_TraffickingStatusDecisionMakingOrg', 'code', DECIDING_BODIES),
  field('vic_RelationshipToTrafficker', 'code', TRAFFICKER_RELATIONS),
  field('vic_AgeWhenTrafficked', 'number'),
  field('vic_RecruitmentWebsitesAndApps', 'codes', APPS),
  field('vic_MethodOfRecruitment', 'codes', RECRUITMENT_METHODS),
  ...text('vic_LocationOfRecruitment vic_LocationOfExploitation'),
  field('vic_MethodsOfControl', 'codes', MEANS),
  field('vic_TypeOfExploitation', 'codes', PURPOSES),
  field('vic_ForcedLabourIndustry', 'codes', SECTORS),
  field('vic_TypeOfSexExploitation', 'codes', SEXUAL_EXPLOITATION_FORMS),
  field('vic_ExploitationWebsitesAndApps', 'codes', APPS),
  deprecated('vic_Vulnerabilities'),
  deprecated('vic_DetailsOfVulnerabilities'),
  field('per_RoleInProcess', 'codes', ROLES_IN_PROCESS),
  field('per_RoleDetails', 'long_text'),
  ...text('per_Organisation'),
  field('cas_Status', 'code', CASE_STATUSES),
  field('cas_ReasonForCaseClosure', 'long_text'),
  ...text('cas_CaseOwner cas_ReferringOrganisation cas_ReferringPrimaryCaseWorker'),
  field('cas_IncomingReferralDate', 'date'),
  field('cas_ReasonForIncomingReferral', 'code', REFERRAL_REASONS),
  field('cas_IncomingReferralDetails', 'long_text'),
  ...text('cas_ReferredOrganisation cas_ReferredPrimaryCaseWorker'),
  field('cas_ReasonForOutgoingReferral', 'code', REFERRAL_REASONS),
  field('cas_OutgoingReferralDate', 'date'),
  field('cas_OutgoingReferralDetails', 'long_text'),
  field('cco_CaseComment', 'long_text'),
  ...coordinates('hte_Longitude hte_Latitude'),
  ...text('hte_City hte_State hte_Street hte_PostalCode'),
  field('hte_Country', 'country'),
  field('hte_Date', 'date'),
  field('hte_Type', 'code', EVENT_TYPES),
  field('hte_Description', 'long_text'),
  field('spl_Objectives', 'long_text'),
  field('spl_ActionPlan', 'long_text'),
  field('spl_PlannedEndDate', 'date'),
  field('spl_ActualEndDate', 'date'),
  field('spl_Type', 'code', PLAN_TYPES),
  field('con_Consent', 'checkbox'),
]

/** Columns that say which row this is, so that a second run knows it again. */
const ID_COLUMNS = new Set(
  words(
    'id uuid recordid caseid externalid instanceid metainstanceid prsid casid personid prsexternalid casexternalid',
  ),
)

const BY_KEY: ReadonlyMap<string, HtcdsField> = new Map(FIELDS.map((one) => [keyOf(one.name), one]))

/** What a column of a file is. `option` is one value of a field that a survey tool has spread over columns. */
export type Column =
  { readonly is: 'field'; readonly field: HtcdsField; readonly option?: string } | { readonly is: 'id' | 'unknown' }

/** A file's header, column by column. */
export type Columns = readonly (Column & { readonly header: string })[]

/**
 * What a header means: a field in either of the standard's namings (`prs_FirstName`, `prs_First_Name`), whatever its
 * case and spaces, also behind the group names that survey tools put before it.
 */
export function readHeader(header: string): Column {
  const segments = header
    .replace(/^\uFEFF/, '')
    .trim()
    .split('/')
  const last = BY_KEY.get(keyOf(segments.at(-1) ?? ''))
  if (last !== undefined) return { is: 'field', field: last }
  const before = BY_KEY.get(keyOf(segments.at(-2) ?? ''))
  const option = before?.codes?.find((code) => keyOf(code) === keyOf(segments.at(-1) ?? ''))
  if (before !== undefined && option !== undefined) return { is: 'field', field: before, option }
  return { is: ID_COLUMNS.has(keyOf(header)) ? 'id' : 'unknown' }
}

/** A name without case, underscores, spaces and signs, so that both namings are one. */
export function keyOf(name: string): string {
  return name
    .normalize('NFKC')
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]/gu, '')
}

function field(name: string, kind: FieldKind, codes?: readonly string[]): HtcdsField {
  return codes === undefined ? { name, kind } : { name, kind, codes }
}

function deprecated(name: string): HtcdsField {
  return { name, kind: 'long_text', deprecated: true }
}

function text(names: string): HtcdsField[] {
  return words(names).map((name) => field(name, 'text'))
}

function coordinates(names: string): HtcdsField[] {
  return words(names).map((name) => field(name, 'coordinate'))
}

function words(text: string): string[] {
  return text.split(' ')
}
