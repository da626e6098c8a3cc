import 'server-only'
import { readFileSync } from 'node:fs'

import { settings } from '@/lib/platform/env'

import { parseMasterKeys, type MasterKeys } from './key-tree'

let loaded: { readonly text: string; readonly keys: MasterKeys } | undefined

/**
 * The installation's master keys, from the environment or the key file. They never stand in the database.
 * Throws `MasterKeyUnusable`, or the file system's error when the file can't be read.
 */
export function masterKeys(): MasterKeys {
  if (loaded !== undefined && settings.masterKeyText === undefined) return loaded.keys
  const text = settings.masterKeyText ?? readFileSync(/* turbopackIgnore: true */ settings.masterKeyFile, 'utf8')
  if (loaded?.text !== text) loaded = { text, keys: parseMasterKeys(text) }
  return loaded.keys
}
