import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

type Primitive = { readonly algorithm: string; readonly key: string; readonly standard: string }

const SHA256: Primitive = { algorithm: 'SHA-256', key: 'none', standard: 'FIPS 180-4' }
const HMAC: Primitive = { algorithm: 'HMAC-SHA-256', key: '256 bits', standard: 'RFC 2104, FIPS 198-1' }
const RANDOM: Primitive = { algorithm: 'random bytes', key: 'none', standard: 'the operating system’s generator' }
const ED25519: Primitive = { algorithm: 'Ed25519', key: '256 bits', standard: 'RFC 8032, FIPS 186-5' }

/** How each primitive shows in a source, and what it is. In order: what is named first is found first. */
const PRIMITIVES: readonly (readonly [RegExp, Primitive])[] = [
  [
    /createCipheriv\('aes-256-gcm'/,
    { algorithm: 'AES-256-GCM, random 96-bit nonce', key: '256 bits', standard: 'FIPS 197, SP 800-38D' },
  ],
  [/createHmac\('sha256'|public\.hmac\([\s\S]{0,300}?'sha256'\)/, HMAC],
  [/hkdfSync\('sha256'/, { algorithm: 'HKDF-SHA-256', key: '256 bits', standard: 'RFC 5869' }],
  [/createHash\('sha256'\)|\bhash\('sha256'|\bsha256\(/, SHA256],
  [/createHash\('sha512'\)/, { ...SHA256, algorithm: 'SHA-512' }],
  [/createHash\('sha1'\)/, { ...SHA256, algorithm: 'SHA-1' }],
  [/generateKeyPairSync\('ed25519'|\bsign\(null,|\bverify\(null,|note\.sign|createPrivateKey\(/, ED25519],
  [/from '@node-rs\/argon2'/, { algorithm: 'Argon2id, 19 MiB, 2 passes, 1 lane', key: 'none', standard: 'RFC 9106' }],
  [
    /from 'age-encryption'/,
    { algorithm: 'X25519 and ChaCha20-Poly1305 (age)', key: '256 bits', standard: 'RFC 7748, RFC 8439' },
  ],
  [
    /from 'openid-client'/,
    { algorithm: 'OpenID Connect with PKCE (S256)', key: 'the provider’s', standard: 'RFC 7636' },
  ],
  [
    /from '@simplewebauthn\/server'/,
    { algorithm: 'WebAuthn signatures', key: 'the member’s', standard: 'WebAuthn Level 2' },
  ],
  [/from '(?:otpauth|otplib)'/, { algorithm: 'TOTP', key: '160 bits or more', standard: 'RFC 6238' }],
  [
    /from 'next-auth\/jwt'/,
    { algorithm: 'A256GCM with HKDF (cookie of the session)', key: '256 bits', standard: 'RFC 7516' },
  ],
  [/\brandomBytes\(|\brandomInt\(|gen_random_bytes\(/, RANDOM],
]

/** docs/crypto-inventory.md: every use of cryptography, found in the sources. */
export function cryptoInventory(root: string): string {
  const rows = filesOf(root).flatMap((file) => rowsOf(root, file))
  return `# What is encrypted, signed and hashed with what

Made by \`node scripts/run.mjs docs\` from the sources; a test fails when it is out of date. Each file of \`lib\`, \`scripts/serve\` and \`prisma/migrations\` that uses a primitive is listed with what it says of itself. Keys and where they are kept: [security.md](security.md#keys). The transport's TLS ends before the application.

| algorithm | key | standard | file | what for |
|---|---|---|---|---|
${rows.sort().join('\n')}
`
}

function filesOf(root: string): string[] {
  return ['lib', 'scripts/serve', 'prisma/migrations'].flatMap((folder) =>
    readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
      .map((name) => `${folder}/${name.replaceAll('\\', '/')}`)
      .filter((name) => /\.(?:ts|mjs|sql)$/.test(name) && !name.endsWith('.test.ts')),
  )
}

function rowsOf(root: string, file: string): string[] {
  const text = readFileSync(join(root, file), 'utf8')
  const used = PRIMITIVES.filter(([pattern]) => pattern.test(text))
  return used.map(
    ([, { algorithm, key, standard }]) =>
      `| ${algorithm} | ${key} | ${standard} | \`${file}\` | ${PURPOSES[file] ?? purposeOf(text)} |`,
  )
}

/** What each file uses it for, in a few words; a file that is new here says it itself, in its first docstring. */
const PURPOSES: Readonly<Record<string, string>> = {
  'lib/api/handler.ts': 'ETags',
  'lib/api/idempotency.ts': 'telling a repeated request without keeping its body',
  'lib/audit/seal/key-file.ts': 'the key that signs checkpoints of the log',
  'lib/audit/seal/merkle.ts': 'the tree over all events (RFC 6962)',
  'lib/audit/seal/note.ts': 'signed checkpoints of the log',
  'lib/audit/verify/event-text.ts': 'holding an event against its seal',
  'lib/auth/counters.ts': 'ids of browsers that have signed in before',
  'lib/auth/password-rules.ts': 'looking a password up among the common ones',
  'lib/auth/provider/journey-cookie.ts': 'the cookie of a journey to an agency’s provider',
  'lib/auth/provider/protocol.ts': 'sign-in at an agency’s provider',
  'lib/auth/secrets.ts': 'counting failed sign-ins without keeping addresses',
  'lib/auth/session-cookie.ts': 'the cookie of a session',
  'lib/backup/keys.ts': 'keys of backups',
  'lib/backup/rehearse.ts': 'holding a restored log against its seal',
  'lib/backup/write.ts': 'reading a backup back',
  'lib/cases/data.ts': 'naming a member in a filter of cases',
  'lib/exchange/htcds/fingerprint.ts': 'telling a row that was imported before',
  'lib/forms/reference.ts': 'reference numbers of failures',
  'lib/forms/submit-once.ts': 'keeping a second press from writing twice',
  'lib/oversight/report/service.ts': 'the digest of an audit report',
  'lib/oversight/disparities/service.ts': 'telling whether a kept run gives the same figures again',
  'lib/people/search-service.ts': 'handles of kept searches',
  'lib/platform/backup/line-digest.ts': 'comparing a restored table with its backup',
  'lib/platform/backup/sealed-file.ts': 'backups',
  'lib/platform/crypto/derive-secret.ts': 'secrets for other purposes, from the master key',
  'lib/platform/crypto/envelope.ts': 'fields of persons, wrapped keys, everything else that is sealed',
  'lib/platform/crypto/key-tree.ts': 'telling a master key without keeping it',
  'lib/platform/crypto/opaque-secrets.ts': 'session ids, API tokens, invitations',
  'lib/platform/crypto/passwords.ts': 'passwords',
  'lib/platform/crypto/tokens.ts': 'search tokens (cut to 80 bits) and digests in the log',
  'lib/platform/cursor.ts': 'cursors of lists',
  'lib/platform/data-dir.ts': 'passwords of the embedded database',
  'lib/platform/db/embedded/binaries.ts': 'naming copied binaries',
  'lib/platform/db/embedded/cluster.ts': 'naming the embedded database’s folder',
  'lib/platform/db/embedded/throwaway.ts': 'passwords of databases for tests and rehearsals',
  'lib/platform/db/migrate/adapter.ts': 'naming shadow databases',
  'lib/platform/ids.ts': 'codes and ids of records',
  'lib/platform/watching/metrics-token.ts': 'comparing the token of the metrics',
  'lib/reporting/cube/service.ts': 'telling whether frozen figures are what was frozen',
  'prisma/migrations/20261124000200_access/migration.sql': 'signed contexts of members; hashes of events; codes',
  'prisma/migrations/20261124000900_sets_of_rows/migration.sql': 'hashes of events',
  'prisma/migrations/20261125000400_seal/migration.sql': 'leaves of the log’s tree',
  'prisma/migrations/20261127006100_log_explorer/migration.sql':
    'pseudonyms of those who oversee; the leaf of one event',
}

/** The first sentence that the file says of itself: of its first docstring, or the first comment of a migration. */
function purposeOf(text: string): string {
  const [, doc] = /\/\*\*([\s\S]*?)\*\//.exec(text) ?? /^((?:--.*\n)+)/.exec(text) ?? []
  const plain = (doc ?? '')
    .replace(/^\s*(?:\*|--) ?/gm, '')
    .replace(/\s+/g, ' ')
    .trim()
  const [sentence = ''] = /^.*?[.:](?=\s|$)/.exec(plain) ?? [plain]
  return sentence.replaceAll('|', '\\|').replace(/[.:]$/, '')
}
