/**
 * Imports run one way (docs/architecture.md). Each part of lib may use those before it; `rank` is that order.
 * tests/architecture shows for each rule that it still refuses something.
 */
const PARTS = [
  'agencies',
  'notifications',
  'people',
  'directory',
  'cases',
  'consent',
  'assistance',
  'referrals',
  'exchange',
  'reporting',
  'oversight',
  'backup',
  'jobs',
  'api',
]
const FOUNDATION = 'platform|access|audit|mandate'
const OUTER = 'auth|forms|i18n'

const refuse = (name, comment, from, to) => ({ name, severity: 'error', comment, from, to })

/** A part must not use one that comes later. */
const upwards = PARTS.slice(0, -1).map((part, index) =>
  refuse(
    `lib-${part}-looks-up`,
    `lib/${part} may use only the parts before it`,
    { path: `^lib/${part}/` },
    { path: `^lib/(${PARTS.slice(index + 1).join('|')})/` },
  ),
)

/** From outside a part, only these of its files. The others are its own business. */
const PUBLIC = 'service|schema'
/** What all parts share: code lists, countries, languages, what free text about a person may not say, its seal, and what can leave. */
const VOCABULARY =
  '^lib/(people/(codes|countries|languages|sealing|free-text/rules)|consent/fields|agencies/calendar-rules)[.]ts$'
const strangers = PARTS.map((part) =>
  refuse(
    `lib-${part}-private`,
    `other parts of the domain come to lib/${part} through its service and schema`,
    { path: `^lib/(${PARTS.filter((other) => other !== part).join('|')})/`, pathNot: '\\.test\\.tsx?$' },
    { path: `^lib/${part}/`, pathNot: [`^lib/${part}/(|.*[/-])(${PUBLIC})\\.ts$`, VOCABULARY] },
  ),
)

/** @type {import('dependency-cruiser').IConfiguration} */
module.exports = {
  forbidden: [
    refuse('no-cycles', 'an import cycle has no first file to read', { pathNot: '^generated/' }, { circular: true }),
    refuse('no-unresolvable', 'an import of nothing', {}, { couldNotResolve: true }),
    refuse(
      'no-dev-packages',
      'the application runs without development packages',
      { path: '^(app|components|lib|cli)/', pathNot: '\\.test\\.tsx?$' },
      { dependencyTypes: ['npm-dev'], dependencyTypesNot: ['type-only'] },
    ),

    refuse(
      'platform-stands-alone',
      'the platform knows no part of the domain',
      { path: '^lib/platform/' },
      { path: '^(lib/(?!platform/)|app/|components/|cli/|scripts/)' },
    ),
    refuse(
      'access-on-platform',
      'access knows the platform only',
      { path: '^lib/access/' },
      { path: '^(lib/(?!platform/|access/)|app/|components/|cli/|scripts/)' },
    ),
    refuse(
      'audit-on-access',
      'audit knows platform and access',
      { path: '^lib/audit/' },
      { path: '^(lib/(?!platform/|access/|audit/)|app/|components/|cli/|scripts/)' },
    ),
    refuse(
      'mandate-alone',
      'the resolution as data imports nothing',
      { path: '^lib/mandate/(?!.*(service|data|rules|policy)\\.ts$)', pathNot: '\\.test\\.ts$' },
      { path: '^(lib/(?!mandate/)|app/|components/|cli/|scripts/)' },
    ),
    refuse(
      'domain-below-screens',
      'lib knows nothing of pages, components, commands',
      { path: '^lib/' },
      { path: '^(app|components|cli|scripts)/' },
    ),
    refuse(
      'domain-without-outer',
      'the domain does not know forms, sign-in or languages',
      { path: `^lib/(${FOUNDATION}|${PARTS.join('|')})/` },
      // The messages are data: the API names the types of service in the words of the screens.
      { path: `^lib/(${OUTER})/`, pathNot: '^lib/i18n/messages/.+\\.json$' },
    ),
    refuse(
      'next-at-the-edge',
      'of lib, only auth, forms and i18n may import Next.js',
      { path: `^lib/(?!(${OUTER})/)` },
      { path: '^node_modules/next/' },
    ),
    ...upwards,
    ...strangers,

    refuse(
      'components-are-drawn',
      'components get data as props: no services, no data, no platform',
      { path: '^components/' },
      {
        // Who a member is, as a type: what the shell shows of whoever signed in. And the views of the log, as of any part.
        pathNot: '^lib/(access/actor|audit/[a-z-]+/schema)[.]ts$',
        path: '^(app/|cli/|scripts/|generated/|lib/(platform|access|audit|auth)/|lib/[a-z-]+/(|.*[/-])(service|data|policy)\\.ts$)',
      },
    ),
    refuse(
      'pages-through-services',
      'pages and actions reach data through services',
      { path: '^(app|cli)/' },
      { path: '^(generated/|lib/[a-z-]+/(|.*[/-])data\\.ts$)' },
    ),
    refuse(
      'data-by-its-part',
      'data.ts is read by the files of its own part',
      { path: '^lib/([a-z-]+)/', pathNot: '\\.test\\.ts$' },
      { path: '^lib/([a-z-]+)/(|.*[/-])data\\.ts$', pathNot: '^lib/$1/' },
    ),
    refuse(
      'schema-is-plain',
      'a schema goes to the browser: zod and other schemas only',
      { path: '^lib/[a-z-]+/(|.*[/-])schema\\.ts$' },
      { path: '^(generated/|lib/[a-z-]+/(|.*[/-])(service|data|policy)\\.ts$|lib/platform/(db|crypto)/)' },
    ),
    refuse(
      'rules-are-pure',
      'rules decide on what they are given',
      { path: '^lib/[a-z-]+/(|.*[/-])(rules|policy)\\.ts$' },
      { path: '^(generated/|lib/platform/(db|crypto|env)|lib/[a-z-]+/(|.*[/-])(service|data)\\.ts$)' },
    ),

    refuse(
      'drivers-in-db',
      'T08: database drivers are reached from lib/platform/db alone',
      { path: '^(app|components|lib|cli)/', pathNot: '^lib/platform/db/|\\.test\\.ts$' },
      { path: '^node_modules/(pg|postgres|@prisma/adapter-pg|@prisma/schema-engine-wasm)/' },
    ),
    refuse(
      'prisma-in-data',
      'T08: Prisma is known to lib/platform/db, access and data.ts alone, the latter by type',
      {
        path: '^(app|components|lib|cli)/',
        pathNot: '^lib/(platform/db|access)/|^lib/[a-z-]+/(|.*[/-])data\\.ts$|\\.test\\.ts$',
      },
      { path: '^(generated/prisma|node_modules/@prisma/client/)' },
    ),
  ],
  options: {
    doNotFollow: { path: '^node_modules' },
    exclude: { path: '^(\\.next|\\.data|coverage|test-results)' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'require', 'node', 'default', 'types'],
    },
  },
}
