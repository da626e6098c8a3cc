import 'server-only'
import { readFileSync } from 'node:fs'

import { settings } from '@/lib/platform/env'

import { parseMasterKeys, type MasterKeys } from './key-tree'

let loaded: { readonly text: string; readonly keys: MasterKeys } | undefined

/**
 * The installation's master keys, from the environment or the key file. They never stand in the database. When `needed`
 * is not among those known, the file is read again: another process may have added it since.
 *
 * Throws `MasterKeyUnusable`, or the file system's error when the file can't be read.
 */
export function masterKeys(needed?: number): MasterKeys {
  const given = settings.masterKeyText
  const isEnough = loaded !== undefined && (needed === undefined || loaded.keys.byVersion.has(needed))
  if (loaded !== undefined && isEnough && given === undefined) return loaded.keys
  return latestMasterKeys()
}

/**
 * The same as the file has them now: for what does not name the key that it hangs on, such as a digest, and which another
 * process may have made with a key that came since.
 */
export function latestMasterKeys(): MasterKeys {
  const given = settings.masterKeyText
  const text = given ?? readFileSync(/* turbopackIgnore: true */ settings.masterKeyFile, 'utf8')
  if (loaded?.text !== text) loaded = { text, keys: parseMasterKeys(text) }
  return loaded.keys
}
