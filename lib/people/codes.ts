import { z } from 'zod'

/**
 * Code lists of the Human Trafficking Case Data Standard 2.0 (IOM, CC BY 4.0; docs/third-party.md), spelled as the
 * standard has them, so that files go in and out without translation. Labels are in the messages of the part `people`,
 * under `codes`. Lists marked as ours fill what the standard leaves open.
 */
export const GENDERS = [
  'Feminine',
  'Masculine',
  'TransgenderFeminine',
  'TransgenderMasculine',
  'NonConforming',
  'NonSpecifiedUnknown',
] as const

export const MARITAL_STATUSES = [
  'Single',
  'Married',
  'Widowed',
  'Divorced',
  'Separated',
  'RegisteredPartnership',
] as const

/** ISCED 2011 levels. */
export const EDUCATION_LEVELS = [
  'EarlyChildhoodEducation',
  'PrimaryEducation',
  'LowerSecondaryEducation',
  'UpperSecondaryEducation',
  'PostSecondaryNonTertiaryEducation',
  'ShortCycleTertiaryEducation',
  'BachelorsOrEquivalentLevel',
  'MastersOrEquivalentLevel',
  'DoctoralOrEquivalentLevel',
] as const

/** Identification gates nothing; these are the deciding body's words. The standard's names for our three states. */
export const TRAFFICKING_STATUSES = {
  PossibleVictimOfTrafficking: 'possible',
  ActualVictimOfTrafficking: 'actual',
  NotAVictimOfTrafficking: 'not_a_victim',
} as const

export const DECIDING_BODIES = [
  'Police',
  'NGO',
  'CourtOrProsecution',
  'NonPoliceGovernmentalOrganization',
  'Other',
] as const

/** What was done to the person, after article 3(a) of the Palermo Protocol (ours: the standard has no such list). */
export const ACTS = ['Recruitment', 'Transportation', 'Transfer', 'Harbouring', 'Receipt'] as const

/** Means of control. The last two stand in the standard's definitions and are missing from its picklist. */
export const MEANS = [
  'PhysicalThreats',
  'ThreatsLawEnforcement',
  'ThreatensChildrenFamily',
  'DebtBondage',
  'FalsePromises',
  'PhysicalAbuse',
  'SexualAbuse',
  'TakesEarnings',
  'RestrictsFinancialAccess',
  'RestrictsMedicalCare',
  'WithholdsNecessities',
  'PsychologicalAbuse',
  'PsychoactiveSubstance',
  'ExcessiveWorkingHours',
  'WithholdsDocuments',
  'Other',
  'RestrictsMovement',
  'UsesChildren',
] as const

/** Forms of exploitation. */
export const PURPOSES = [
  'ForcedLabour',
  'SexualExploitation',
  'ChildLabour',
  'ForcedMarriage',
  'Servitude',
  'ForcedMilitaryByNonStateActors',
  'OrganRemoval',
  'ForcedBegging',
  'ForcedAdoption',
  'Surrogacy',
  'Other',
] as const

export const SEXUAL_EXPLOITATION_FORMS = [
  'Prostitution',
  'Pornography',
  'RemoteInteractiveServices',
  'PrivateSexualServices',
] as const

export const RECRUITMENT_METHODS = [
  'AtAPlaceOfBusiness',
  'AtAnEducationalInstitution',
  'AtWork',
  'ThroughOnlineSocialNetworks',
  'ThroughAnOnlineAdvertisement',
  'ThroughATelevisionAdvert',
  'ThroughANewspaperAdvert',
  'ThroughFamilyOrFamilyEvents',
  'ThroughFriendsOrSocialEvents',
  'Other',
] as const

/** Who recruited, as CTDC counts it, and what the standard's three values add (ours). */
export const RECRUITER_RELATIONS = [
  'IntimatePartner',
  'Family',
  'Friend',
  'Acquaintance',
  'Stranger',
  'Other',
  'Unknown',
] as const

/** Sections of ISIC Rev. 4, as the standard writes them. */
export const SECTORS = [
  'A_AgricultureForestryAndFishing',
  'B_MiningAndQuarrying',
  'C_Manufacturing',
  'D_ElectricityGasSteamAndAirConditioningSupply',
  'E_WaterSupplySewerageWasteManagement',
  'F_Construction',
  'G_WholesaleAndRetailTradeRepairOfMotorVehicles',
  'H_TransportationAndStorage',
  'I_AccommodationAndFoodServiceActivities',
  'J_InformationAndCommunication',
  'K_FinancialAndInsuranceActivities',
  'L_RealEstateActivities',
  'M_ProfessionalScientificAndTechnicalActivities',
  'N_AdministrativeAndSupportServiceActivities',
  'O_PublicAdministrationAndDefence',
  'P_Education',
  'Q_HumanHealthAndSocialWorkActivities',
  'R_ArtsEntertainmentAndRecreation',
  'S_OtherServiceActivities',
  'T_ActivitiesOfHouseholdsAsEmployers',
  'U_ActivitiesOfExtraterritorialOrganizations',
] as const

/** Migration or residency status: the standard's guidance 7, and what it leaves out (ours). */
export const MIGRATION_STATUSES = [
  'Citizen',
  'LongTermResident',
  'Family',
  'Labour',
  'Student',
  'Visitor',
  'Irregular',
  'AsylumSeeker',
  'Refugee',
  'ComplementaryProtection',
  'StatelessPerson',
  'Other',
] as const

/** Displacement, as humanitarian case management counts it (ours). */
export const DISPLACEMENTS = ['NotDisplaced', 'InternallyDisplaced', 'Returnee', 'CrossBorder', 'Other'] as const

/** Difficulties in functioning, after the Washington Group's short set (ours). */
export const DISABILITIES = [
  'Seeing',
  'Hearing',
  'Walking',
  'Remembering',
  'SelfCare',
  'Communicating',
  'Psychosocial',
  'Other',
  'None',
] as const

/** Every list by the name under which its labels stand in the messages (`people.codes.gender.Feminine`). */
export const CODE_LISTS = {
  gender: GENDERS,
  maritalStatus: MARITAL_STATUSES,
  education: EDUCATION_LEVELS,
  decidingBody: DECIDING_BODIES,
  act: ACTS,
  means: MEANS,
  purpose: PURPOSES,
  sexualExploitation: SEXUAL_EXPLOITATION_FORMS,
  recruitment: RECRUITMENT_METHODS,
  recruiterRelation: RECRUITER_RELATIONS,
  sector: SECTORS,
  migrationStatus: MIGRATION_STATUSES,
  displacement: DISPLACEMENTS,
  disability: DISABILITIES,
} as const

export type CodeList = keyof typeof CODE_LISTS
export type CodeOf<L extends CodeList> = (typeof CODE_LISTS)[L][number]

/** A schema for one code of a list; the message is a key of the part `people`. */
export function codeOf<L extends CodeList>(list: L) {
  return z.enum(CODE_LISTS[list] as unknown as readonly [CodeOf<L>, ...CodeOf<L>[]], { error: 'people.errors.choose' })
}

/** A schema for several codes of a list, each once. */
export function codesOf<L extends CodeList>(list: L) {
  return z
    .array(codeOf(list))
    .max(CODE_LISTS[list].length)
    .transform((codes) => [...new Set(codes)])
}
