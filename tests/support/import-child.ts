import { identify } from '@/lib/access/identify'
import { importCases } from '@/lib/exchange/import/service'

/** Imports what comes on stdin as the member of a session, and says how far it is: a process for tests to kill. */
const hash = Uint8Array.from(Buffer.from(process.argv[2] ?? '', 'hex'))
const actor = await identify({ kind: 'session', hash })
if (actor === null) throw new Error('The session did not open')
await importCases(actor, process.stdin, {
  onProgress: ({ imported }) => process.stdout.write(`${String(imported)}\n`),
})
process.exit(0)
