import type { AgencyKind, Role } from '@/generated/prisma/enums'
import type { CategoryKey } from '@/lib/mandate/categories'

export type DemoMember = {
  readonly email: string
  readonly name: string
  readonly roles: readonly Role[]
  readonly account: boolean
}

export type DemoAgency = {
  readonly key: string
  readonly name: string
  readonly kind: AgencyKind
  readonly timeZone: string
  /** How many persons it holds. */
  readonly persons: number
  readonly members: readonly DemoMember[]
  /** Of an agency without Amparo: how it is reached. */
  readonly contact?: string
  /** What it does, as weights. */
  readonly work: Readonly<Partial<Record<CategoryKey, number>>>
}

const account = (email: string, name: string, ...roles: Role[]): DemoMember => ({ email, name, roles, account: true })
/** Colleagues who fill the teams; they have no password and can't sign in. */
const colleagues = (key: string, names: readonly string[]): DemoMember[] =>
  names.map((name, index) => ({
    email: `worker${String(index + 3)}@${key}.example`,
    name,
    roles: ['caseworker'],
    account: false,
  }))

/** The agencies of the demonstration, all in one network. Zones lie in UTC or east of it. */
export const AGENCIES: readonly DemoAgency[] = [
  {
    key: 'harbour',
    name: 'Harbour House',
    kind: 'ngo',
    timeZone: 'Europe/London',
    persons: 2500,
    members: [
      account('caseworker@harbour.example', 'Ana Marsh', 'caseworker'),
      account('caseworker2@harbour.example', 'Jonas Field', 'caseworker'),
      account('supervisor@harbour.example', 'Ruth Calder', 'supervisor'),
      account('admin@harbour.example', 'Peter Lowe', 'agency_admin'),
      ...colleagues('harbour', [
        'Ines Barrow',
        'Tom Hale',
        'Mina Holt',
        'Leo Hart',
        'Cora Wells',
        'Sam Brook',
        'Nadia Reed',
        'Omar Stone',
        'Lucy Penn',
        'Ivo Marlow',
        'Greta Moss',
        'Ben Orchard',
        'Alma Frost',
        'Karim Vale',
        'Joan Thorne',
        'Dina Marsh',
        'Rafe Colby',
        'Tess Arden',
        'Nils Berg',
        'Yara Finch',
        'Owen Lark',
        'Petra Vance',
      ]),
    ],
    work: { social: 52, psychological: 16, medical: 12, legal: 8, residency: 5, reintegration: 7 },
  },
  {
    key: 'legalaid',
    name: 'Legal Aid Network',
    kind: 'ngo',
    timeZone: 'UTC',
    persons: 900,
    members: [
      account('caseworker@legalaid.example', 'Clara Voss', 'caseworker'),
      account('caseworker2@legalaid.example', 'Hugo Lind', 'caseworker'),
      ...colleagues('legalaid', [
        'Edith Crane',
        'Paul Ferris',
        'Sara Nolan',
        'Max Adler',
        'Livia Dorn',
        'Kofi Lane',
        'Anja Pohl',
      ]),
    ],
    work: { legal: 70, residency: 20, social: 10 },
  },
  {
    key: 'clinic',
    name: 'City Clinic',
    kind: 'ngo',
    timeZone: 'Europe/Paris',
    persons: 900,
    members: [
      account('caseworker@clinic.example', 'Marta Quinn', 'caseworker'),
      ...colleagues('clinic', ['Felix Grant', 'Olga Hahn', 'Rita Moor', 'Carl Stead']),
    ],
    work: { medical: 62, psychological: 33, social: 5 },
  },
  {
    key: 'immigration',
    name: 'Immigration Office',
    kind: 'government',
    timeZone: 'Europe/London',
    persons: 500,
    members: [
      account('caseworker@immigration.example', 'Alan Pryce', 'caseworker'),
      ...colleagues('immigration', ['Vera Long', 'Ned Carver']),
    ],
    work: { residency: 88, legal: 12 },
  },
  {
    key: 'newpath',
    name: 'New Path Training',
    kind: 'ngo',
    timeZone: 'Asia/Shanghai',
    persons: 400,
    members: colleagues('newpath', ['Wen Hu', 'Gina Park', 'Tariq Noor']),
    work: { reintegration: 85, social: 15 },
  },
  {
    key: 'victimsupport',
    name: 'Victim Support Office',
    kind: 'government',
    timeZone: 'UTC',
    persons: 0,
    members: [account('coordinator@victimsupport.example', 'Helen Ward', 'coordinator')],
    work: {},
  },
  {
    key: 'police',
    name: 'Police Protection Unit',
    kind: 'government',
    timeZone: 'UTC',
    persons: 0,
    members: [],
    work: {},
  },
  {
    key: 'surgery',
    name: 'Old Town Surgery',
    kind: 'ngo',
    timeZone: 'Europe/London',
    persons: 0,
    members: [],
    contact: 'Reception: 020 7946 0101, weekdays 8 to 18\nPost: to the practice manager, sealed',
    work: {},
  },
  {
    key: 'language-cafe',
    name: 'Language Café',
    kind: 'ngo',
    timeZone: 'Europe/London',
    persons: 0,
    members: [],
    contact: 'Ask at the desk, Tuesday and Thursday afternoon',
    work: {},
  },
  {
    key: 'rapporteur',
    name: 'National Rapporteur',
    kind: 'oversight',
    timeZone: 'UTC',
    persons: 0,
    members: [account('auditor@rapporteur.example', 'Ivan Castle', 'auditor')],
    work: {},
  },
  {
    key: 'amparo',
    name: 'Amparo operator',
    kind: 'operator',
    timeZone: 'UTC',
    persons: 0,
    members: [account('system@amparo.example', 'System administrator', 'system_admin')],
    work: {},
  },
]
