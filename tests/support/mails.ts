import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'

import { expect } from '@playwright/test'

/** The mail that the instance under test wrote to an address, as a file, since it has no mail server. */
export async function mailTo(email: string, holding: RegExp): Promise<string> {
  const folder = join(process.env['AMPARO_TEST_DATA_DIR'] ?? '', 'mail')
  let found = ''
  await expect
    .poll(
      async () => {
        for (const name of await readdir(folder).catch(() => [])) {
          const text = (await readFile(join(folder, name), 'utf8')).replace(/=\r?\n/g, '').replaceAll('=3D', '=')
          if (text.includes(email) && holding.test(text)) found = text
        }
        return found
      },
      { timeout: 20_000 },
    )
    .not.toBe('')
  return found
}
