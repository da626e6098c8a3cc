import { createWriteStream } from 'node:fs'
import { once } from 'node:events'
import type { Writable } from 'node:stream'
import { printResult, tell, withInstallation } from '@/cli/installation'
import { sealEvents } from '@/lib/audit/seal/service'
import { NoExport } from '@/lib/audit/verify/export-file'
import type { Fault, Verified } from '@/lib/audit/verify/fault'
import {
  exportAudit,
  exportCheckpoints,
  importCheckpoints,
  showSealKey,
  verifyExportFile,
  verifyInstallation,
  verifyProofFile,
} from '@/lib/audit/verify/operator-service'
import { closeWorker } from '@/lib/platform/db/worker'
import { PlainSentence } from '@/lib/platform/plain-sentence'
import type { Command } from 'commander'

type VerifyFlags = { readonly key?: string[]; readonly witness?: string[] }

export function register(program: Command): void {
  const audit = program.command('audit').description('The log of every change and every look, and its seal')
  audit.command('key').description('Print the public key that the log is verified with').action(showKey)
  audit.command('seal').description('Seal what is new, and say how many events that were').action(seal)
  audit
    .command('verify')
    .description(
      'Verify the log in the database, or offline an export of it; fails at the first thing that does not fit',
    )
    .argument('[file]', 'an export; needs --key and no database')
    .option('--key <key...>', 'public key, as audit key prints it, or a file with it')
    .option('--witness <file...>', 'file of checkpoints that somebody else holds')
    .action(verify)
  audit
    .command('export')
    .description('Write the sealed log, events and checkpoints, as lines of JSON; it holds codes, no names')
    .option('--out <file>', 'file to make, in place of stdout')
    .action(exportLog)
  audit
    .command('verify-proof')
    .description('Check offline the proof of one event, as the API gives it, against a public key')
    .argument('<file>', 'the proof as JSON')
    .requiredOption('--key <key...>', 'public key, as audit key prints it, or a file with it')
    .action(verifyProof)
  const checkpoints = audit
    .command('checkpoints')
    .description('The signed checkpoints, for others to hold as witnesses')
  checkpoints
    .command('export')
    .description('Write the checkpoints in the text that witnesses keep')
    .option('--after <size>', 'only those that name a longer log', '0')
    .action(writeCheckpoints)
  checkpoints
    .command('import')
    .description('Keep a file that a witness gave back; every verification looks for its checkpoints in the log')
    .argument('<file>')
    .action(keepCheckpoints)
}

async function showKey(): Promise<void> {
  await withInstallation(async ({ ownerUrl }) => {
    printResult(await showSealKey(ownerUrl))
  })
}

async function seal(): Promise<void> {
  await withInstallation(async () => {
    try {
      let sealed = 0
      for (let more = await sealEvents(); more > 0; more = await sealEvents()) sealed += more
      printResult({ sealed })
    } finally {
      await closeWorker()
    }
  })
}

async function verify(file: string | undefined, flags: VerifyFlags): Promise<void> {
  const wish = { keys: flags.key ?? [], witnesses: flags.witness ?? [], onProgress: progress() }
  if (file !== undefined && wish.keys.length === 0)
    throw new PlainSentence('An export is verified with the public key; give it with --key.')
  const verified =
    file === undefined
      ? await withInstallation(({ ownerUrl }) => verifyInstallation(ownerUrl, wish))
      : await verifyExportFile(file, wish).catch((error: unknown) => {
          if (error instanceof NoExport)
            throw new PlainSentence(`${file} is no whole export of a log; export it again.`)
          throw error
        })
  report(verified)
}

async function verifyProof(file: string, { key }: { readonly key: string[] }): Promise<void> {
  const { proof, fault } = await verifyProofFile(file, key)
  printResult({ code: proof.code, position: proof.position, size: proof.size, holds: fault === null })
  if (fault !== null) throw new PlainSentence(`The proof does not hold: ${PROOF_FAULTS[fault]}.`)
}

const PROOF_FAULTS = {
  checkpoint: 'its checkpoint is not what was signed with this key',
  text: 'its text is not that of the event it names',
  path: 'its path does not lead from the event to the root of the checkpoint',
} as const

function report(verified: Verified): void {
  printResult(verified)
  if (verified.fault !== null) throw new PlainSentence(`The log does not hold: ${sentenceOf(verified.fault)}.`)
}

function sentenceOf({ kind, position, code, size }: Fault): string {
  const event = `event ${String(position)}${code === undefined ? '' : ` (${code})`}`
  const checkpoint = `the checkpoint of size ${String(size)}`
  switch (kind) {
    case 'changed':
      return `${event} is not what was written`
    case 'inserted':
      return `${event} was added among sealed ones`
    case 'missing':
      return `${event} is gone`
    case 'moved':
      return `${event} stands in another's place`
    case 'events':
      return `from ${event} on the events are not those that were sealed`
    case 'checkpoint':
      return `${checkpoint} is not what was signed with this key`
    case 'order':
      return `${checkpoint} does not follow the one before it`
    case 'epoch':
      return `${checkpoint} begins an epoch that no restore began`
    case 'rolled_back':
      return `it ends before ${event}, and somebody holds ${checkpoint}`
    case 'forked':
      return `it is another log than the one of ${checkpoint} that somebody holds`
  }
}

async function exportLog({ out }: { readonly out?: string }): Promise<void> {
  await withInstallation(({ ownerUrl }) => writing(out, (write) => exportAudit(ownerUrl, write)))
}

async function writeCheckpoints({ after }: { readonly after: string }): Promise<void> {
  const size = Number(after)
  if (!Number.isInteger(size) || size < 0) throw new PlainSentence('--after takes the size that a checkpoint names.')
  await withInstallation(({ ownerUrl }) => writing(undefined, (write) => exportCheckpoints(ownerUrl, size, write)))
}

async function keepCheckpoints(file: string): Promise<void> {
  await withInstallation(async ({ ownerUrl }) => {
    printResult({ checkpoints: await importCheckpoints(ownerUrl, file) })
  })
}

/** Runs `work` with a way to write to a file, closed to other users, or to stdout; waits where the reader is slow. */
async function writing(out: string | undefined, work: (write: (piece: string) => Promise<void>) => Promise<void>) {
  const stream: Writable = out === undefined ? process.stdout : createWriteStream(out, { mode: 0o600 })
  await work(async (piece) => {
    if (!stream.write(piece)) await once(stream, 'drain')
  })
  if (out !== undefined) {
    stream.end()
    await once(stream, 'finish')
  }
}

const TELL_EVERY_MS = 2_000

function progress(): (events: number) => void {
  let told = Date.now()
  return (events) => {
    if (Date.now() - told < TELL_EVERY_MS) return
    told = Date.now()
    tell(`${events.toLocaleString('en')} events verified`)
  }
}
