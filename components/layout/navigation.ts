import type { IconName } from '@/components/ui/icon'
import type { Role } from '@/lib/access/actor'

/** The keys are message keys too: `shell.nav.<key>`. */
export type NavKey =
  | 'today'
  | 'team'
  | 'cases'
  | 'log'
  | 'services'
  | 'needs'
  | 'tasks'
  | 'find'
  | 'reports'
  | 'mandate'
  | 'emergency'
  | 'reviews'
  | 'members'
  | 'agencies'
  | 'backups'
  | 'networks'
  | 'accessReview'
  | 'roleReviews'
  | 'agency_log'
  | 'referralLog'
  | 'account_log'
  | 'export'
  | 'jobs'
  | 'status'
  | 'keys'
  | 'units'
  | 'agency'
  | 'staffing'
  | 'agreements'
  | 'exceptions'
  | 'bases'
  | 'turnedAway'
  | 'directory'
  | 'entry'
  | 'referrals'
  | 'desk'
  | 'deskNetwork'
  | 'disparities'
  | 'oversightLog'
  | 'rules'
  | 'findings'
  | 'ownFindings'
  | 'complaints'
  | 'samples'
  | 'oversight'
  | 'auditReport'
  | 'seal'
  | 'more'

export type NavItem = {
  readonly key: NavKey
  readonly href: string
  readonly icon: IconName
  /** An act, not a place: drawn as the bar's button. */
  readonly isAct?: boolean
}

const ITEMS: Readonly<Record<NavKey, NavItem>> = {
  today: { key: 'today', href: '/', icon: 'calendar-check' },
  team: { key: 'team', href: '/', icon: 'users' },
  cases: { key: 'cases', href: '/cases', icon: 'folder' },
  log: { key: 'log', href: '/services/new', icon: 'plus', isAct: true },
  services: { key: 'services', href: '/services', icon: 'clipboard-check' },
  needs: { key: 'needs', href: '/needs', icon: 'circle-dashed' },
  tasks: { key: 'tasks', href: '/tasks', icon: 'list-todo' },
  find: { key: 'find', href: '/persons/find', icon: 'search' },
  reports: { key: 'reports', href: '/reports', icon: 'chart-column' },
  mandate: { key: 'mandate', href: '/mandate', icon: 'scroll-text' },
  emergency: { key: 'emergency', href: '/emergency-access', icon: 'siren' },
  reviews: { key: 'reviews', href: '/reviews', icon: 'shield-check' },
  staffing: { key: 'staffing', href: '/team', icon: 'clock' },
  members: { key: 'members', href: '/admin/members', icon: 'users' },
  units: { key: 'units', href: '/admin/units', icon: 'building-2' },
  agency: { key: 'agency', href: '/admin/agency', icon: 'scale' },
  agencies: { key: 'agencies', href: '/admin/agencies', icon: 'building-2' },
  backups: { key: 'backups', href: '/admin/backups', icon: 'archive' },
  networks: { key: 'networks', href: '/admin/networks', icon: 'scale' },
  accessReview: { key: 'accessReview', href: '/admin/access-review', icon: 'clipboard-check' },
  roleReviews: { key: 'roleReviews', href: '/admin/role-reviews', icon: 'users' },
  agency_log: { key: 'agency_log', href: '/log', icon: 'eye' },
  referralLog: { key: 'referralLog', href: '/desk/log', icon: 'eye' },
  account_log: { key: 'account_log', href: '/admin/account-log', icon: 'shield-check' },
  export: { key: 'export', href: '/admin/export', icon: 'folder' },
  jobs: { key: 'jobs', href: '/admin/jobs', icon: 'hourglass' },
  status: { key: 'status', href: '/admin/status', icon: 'shield-check' },
  keys: { key: 'keys', href: '/admin/keys', icon: 'key-round' },
  referrals: { key: 'referrals', href: '/referrals', icon: 'send' },
  agreements: { key: 'agreements', href: '/agreements', icon: 'file-text' },
  exceptions: { key: 'exceptions', href: '/desk/exceptions', icon: 'shield-alert' },
  bases: { key: 'bases', href: '/admin/bases', icon: 'scroll-text' },
  turnedAway: { key: 'turnedAway', href: '/turned-away', icon: 'circle-slash' },
  directory: { key: 'directory', href: '/directory', icon: 'building-2' },
  entry: { key: 'entry', href: '/directory/own', icon: 'clipboard-check' },
  desk: { key: 'desk', href: '/desk', icon: 'hourglass' },
  deskNetwork: { key: 'deskNetwork', href: '/desk/network', icon: 'scale' },
  disparities: { key: 'disparities', href: '/oversight/disparities', icon: 'scale' },
  rules: { key: 'rules', href: '/oversight/rules', icon: 'clipboard-check' },
  findings: { key: 'findings', href: '/oversight/findings', icon: 'octagon-alert' },
  ownFindings: { key: 'ownFindings', href: '/findings', icon: 'octagon-alert' },
  samples: { key: 'samples', href: '/oversight/samples', icon: 'list-todo' },
  oversightLog: { key: 'oversightLog', href: '/oversight/log', icon: 'eye' },
  oversight: { key: 'oversight', href: '/oversight', icon: 'triangle-alert' },
  auditReport: { key: 'auditReport', href: '/oversight/report', icon: 'file-text' },
  complaints: { key: 'complaints', href: '/oversight/complaints', icon: 'message-circle' },
  seal: { key: 'seal', href: '/admin/seal', icon: 'shield-check' },
  more: { key: 'more', href: '/more', icon: 'ellipsis' },
}

type Menu = { readonly menu: readonly NavKey[]; readonly bar: readonly NavKey[] }

/** What each role finds in the menu, and which of it stands in the bar on phones. A page that isn't built yet has no line here. */
const MENUS: Readonly<Record<Role, Menu>> = {
  caseworker: {
    menu: [
      'today',
      'cases',
      'log',
      'services',
      'needs',
      'referrals',
      'tasks',
      'find',
      'emergency',
      'turnedAway',
      'directory',
      'agreements',
      'reports',
      'mandate',
      'more',
    ],
    bar: ['today', 'cases', 'log', 'tasks', 'more'],
  },
  supervisor: {
    menu: [
      'team',
      'cases',
      'reviews',
      'staffing',
      'log',
      'services',
      'needs',
      'referrals',
      'tasks',
      'find',
      'emergency',
      'turnedAway',
      'directory',
      'agreements',
      'ownFindings',
      'agency_log',
      'reports',
      'mandate',
      'more',
    ],
    bar: ['team', 'cases', 'log', 'tasks', 'more'],
  },
  coordinator: {
    menu: [
      'desk',
      'referrals',
      'deskNetwork',
      'exceptions',
      'referralLog',
      'directory',
      'agreements',
      'mandate',
      'more',
    ],
    bar: ['desk', 'referrals', 'exceptions', 'directory', 'more'],
  },
  auditor: {
    menu: [
      'oversight',
      'findings',
      'rules',
      'oversightLog',
      'disparities',
      'complaints',
      'samples',
      'auditReport',
      'exceptions',
      'seal',
      'agreements',
      'mandate',
      'more',
    ],
    bar: ['oversight', 'findings', 'rules', 'oversightLog', 'more'],
  },
  agency_admin: {
    menu: [
      'members',
      'units',
      'agency',
      'entry',
      'directory',
      'agreements',
      'bases',
      'accessReview',
      'roleReviews',
      'ownFindings',
      'account_log',
      'export',
      'more',
    ],
    bar: ['members', 'units', 'account_log', 'more'],
  },
  system_admin: {
    menu: [
      'agencies',
      'members',
      'reviews',
      'account_log',
      'networks',
      'accessReview',
      'roleReviews',
      'status',
      'jobs',
      'backups',
      'keys',
      'more',
    ],
    bar: ['agencies', 'members', 'account_log', 'networks', 'more'],
  },
}

/** Casework first: a member with two roles has one menu. */
const ORDER: readonly Role[] = ['caseworker', 'supervisor', 'coordinator', 'auditor', 'agency_admin', 'system_admin']

const MOST_IN_BAR = 5

/** The menu of a member, in the order of the roles; each page once, "More" at the end. */
export function navigationFor(roles: readonly Role[]): {
  readonly menu: readonly NavItem[]
  readonly bar: readonly NavItem[]
} {
  const held = ORDER.filter((role) => roles.includes(role))
  const menu = merge(held.map((role) => MENUS[role].menu))
  const bar = merge(held.map((role) => MENUS[role].bar))
  return { menu, bar: bar.length > MOST_IN_BAR ? [...bar.slice(0, MOST_IN_BAR - 1), ITEMS.more] : bar }
}

/** The first page of a member. */
export function firstPage(roles: readonly Role[]): string {
  return navigationFor(roles).menu[0]?.href ?? '/more'
}

function merge(lists: readonly (readonly NavKey[])[]): NavItem[] {
  const items = lists
    .flat()
    .filter((key) => key !== 'more')
    .map((key) => ITEMS[key])
  const once = items.filter((item, index) => items.findIndex(({ href }) => href === item.href) === index)
  return [...once, ITEMS.more]
}
