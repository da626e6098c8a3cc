import type { Locale } from './locale'
import adminEn from './messages/en/admin.json'
import agenciesEn from './messages/en/agencies.json'
import agreementsEn from './messages/en/agreements.json'
import deskEn from './messages/en/desk.json'
import assistanceEn from './messages/en/assistance.json'
import auditEn from './messages/en/audit.json'
import authEn from './messages/en/auth.json'
import backupsEn from './messages/en/backups.json'
import basesEn from './messages/en/bases.json'
import casesEn from './messages/en/cases.json'
import clockEn from './messages/en/clock.json'
import complaintsEn from './messages/en/complaints.json'
import consentsEn from './messages/en/consents.json'
import disparitiesEn from './messages/en/disparities.json'
import directoryEn from './messages/en/directory.json'
import disclosuresEn from './messages/en/disclosures.json'
import emergencyEn from './messages/en/emergency.json'
import errorsEn from './messages/en/errors.json'
import exceptionsEn from './messages/en/exceptions.json'
import exportEn from './messages/en/export.json'
import failureEn from './messages/en/failure.json'
import findingsEn from './messages/en/findings.json'
import homeEn from './messages/en/home.json'
import jobsEn from './messages/en/jobs.json'
import kitEn from './messages/en/kit.json'
import mandateEn from './messages/en/mandate.json'
import networksEn from './messages/en/networks.json'
import notificationsEn from './messages/en/notifications.json'
import oversightEn from './messages/en/oversight.json'
import ownFilesEn from './messages/en/own_files.json'
import peopleEn from './messages/en/people.json'
import personsEn from './messages/en/persons.json'
import profileEn from './messages/en/profile.json'
import referralsEn from './messages/en/referrals.json'
import reportsEn from './messages/en/reports.json'
import reviewsEn from './messages/en/reviews.json'
import samplesEn from './messages/en/samples.json'
import sharingEn from './messages/en/sharing.json'
import shellEn from './messages/en/shell.json'
import staffingEn from './messages/en/staffing.json'
import statementEn from './messages/en/statement.json'
import tasksEn from './messages/en/tasks.json'
import termsEn from './messages/en/terms.json'
import turnedAwayEn from './messages/en/turned_away.json'
import uiEn from './messages/en/ui.json'
import unitsEn from './messages/en/units.json'
import adminZh from './messages/zh-Hans/admin.json'
import agenciesZh from './messages/zh-Hans/agencies.json'
import agreementsZh from './messages/zh-Hans/agreements.json'
import deskZh from './messages/zh-Hans/desk.json'
import assistanceZh from './messages/zh-Hans/assistance.json'
import auditZh from './messages/zh-Hans/audit.json'
import authZh from './messages/zh-Hans/auth.json'
import backupsZh from './messages/zh-Hans/backups.json'
import basesZh from './messages/zh-Hans/bases.json'
import casesZh from './messages/zh-Hans/cases.json'
import clockZh from './messages/zh-Hans/clock.json'
import complaintsZh from './messages/zh-Hans/complaints.json'
import consentsZh from './messages/zh-Hans/consents.json'
import disparitiesZh from './messages/zh-Hans/disparities.json'
import directoryZh from './messages/zh-Hans/directory.json'
import disclosuresZh from './messages/zh-Hans/disclosures.json'
import emergencyZh from './messages/zh-Hans/emergency.json'
import errorsZh from './messages/zh-Hans/errors.json'
import exceptionsZh from './messages/zh-Hans/exceptions.json'
import exportZh from './messages/zh-Hans/export.json'
import failureZh from './messages/zh-Hans/failure.json'
import findingsZh from './messages/zh-Hans/findings.json'
import homeZh from './messages/zh-Hans/home.json'
import jobsZh from './messages/zh-Hans/jobs.json'
import kitZh from './messages/zh-Hans/kit.json'
import mandateZh from './messages/zh-Hans/mandate.json'
import networksZh from './messages/zh-Hans/networks.json'
import notificationsZh from './messages/zh-Hans/notifications.json'
import oversightZh from './messages/zh-Hans/oversight.json'
import ownFilesZh from './messages/zh-Hans/own_files.json'
import peopleZh from './messages/zh-Hans/people.json'
import personsZh from './messages/zh-Hans/persons.json'
import profileZh from './messages/zh-Hans/profile.json'
import referralsZh from './messages/zh-Hans/referrals.json'
import reportsZh from './messages/zh-Hans/reports.json'
import reviewsZh from './messages/zh-Hans/reviews.json'
import samplesZh from './messages/zh-Hans/samples.json'
import sharingZh from './messages/zh-Hans/sharing.json'
import shellZh from './messages/zh-Hans/shell.json'
import staffingZh from './messages/zh-Hans/staffing.json'
import statementZh from './messages/zh-Hans/statement.json'
import tasksZh from './messages/zh-Hans/tasks.json'
import termsZh from './messages/zh-Hans/terms.json'
import turnedAwayZh from './messages/zh-Hans/turned_away.json'
import uiZh from './messages/zh-Hans/ui.json'
import unitsZh from './messages/zh-Hans/units.json'

// A new part gets its two files, its two imports, and one line in each of these lists.
const english = {
  admin: adminEn,
  agencies: agenciesEn,
  agreements: agreementsEn,
  desk: deskEn,
  assistance: assistanceEn,
  audit: auditEn,
  auth: authEn,
  backups: backupsEn,
  bases: basesEn,
  cases: casesEn,
  clock: clockEn,
  complaints: complaintsEn,
  consents: consentsEn,
  directory: directoryEn,
  disparities: disparitiesEn,
  disclosures: disclosuresEn,
  emergency: emergencyEn,
  errors: errorsEn,
  exceptions: exceptionsEn,
  export: exportEn,
  failure: failureEn,
  findings: findingsEn,
  home: homeEn,
  jobs: jobsEn,
  kit: kitEn,
  mandate: mandateEn,
  networks: networksEn,
  notifications: notificationsEn,
  oversight: oversightEn,
  own_files: ownFilesEn,
  people: peopleEn,
  persons: personsEn,
  profile: profileEn,
  referrals: referralsEn,
  reports: reportsEn,
  reviews: reviewsEn,
  samples: samplesEn,
  sharing: sharingEn,
  shell: shellEn,
  staffing: staffingEn,
  statement: statementEn,
  tasks: tasksEn,
  terms: termsEn,
  turned_away: turnedAwayEn,
  ui: uiEn,
  units: unitsEn,
}

const chinese = {
  admin: adminZh,
  agencies: agenciesZh,
  agreements: agreementsZh,
  desk: deskZh,
  assistance: assistanceZh,
  audit: auditZh,
  auth: authZh,
  backups: backupsZh,
  bases: basesZh,
  cases: casesZh,
  clock: clockZh,
  complaints: complaintsZh,
  consents: consentsZh,
  directory: directoryZh,
  disparities: disparitiesZh,
  disclosures: disclosuresZh,
  emergency: emergencyZh,
  errors: errorsZh,
  exceptions: exceptionsZh,
  export: exportZh,
  failure: failureZh,
  findings: findingsZh,
  home: homeZh,
  jobs: jobsZh,
  kit: kitZh,
  mandate: mandateZh,
  networks: networksZh,
  notifications: notificationsZh,
  oversight: oversightZh,
  own_files: ownFilesZh,
  people: peopleZh,
  persons: personsZh,
  profile: profileZh,
  referrals: referralsZh,
  reports: reportsZh,
  reviews: reviewsZh,
  samples: samplesZh,
  sharing: sharingZh,
  shell: shellZh,
  staffing: staffingZh,
  statement: statementZh,
  tasks: tasksZh,
  terms: termsZh,
  turned_away: turnedAwayZh,
  ui: uiZh,
  units: unitsZh,
}

export type Messages = typeof english

/** All texts of a language. An architecture test shows that both languages have the same keys and arguments. */
export function messagesOf(locale: Locale): Messages {
  return locale === 'zh-Hans' ? chinese : english
}
