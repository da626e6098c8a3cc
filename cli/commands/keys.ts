import { printResult, tell, withInstallation } from '@/cli/installation'
import { dropMaster, keyStatus, rotateKey, type KeyStatus } from '@/lib/oversight/keys/operator-service'
import type { RotationProgress, RotationTarget } from '@/lib/oversight/keys/schema'
import { newMasterKeyLine } from '@/lib/platform/crypto/key-tree'
import { masterKeys } from '@/lib/platform/crypto/master-keys'
import { closeWorker } from '@/lib/platform/db/worker'
import { settings } from '@/lib/platform/env'
import { PlainSentence } from '@/lib/platform/plain-sentence'
import type { Command } from 'commander'

type Options = { readonly resume?: true; readonly json?: true }

const RESUME = ['--resume', 'go on with a change that was cut short, and begin none'] as const

export function register(program: Command): void {
  const keys = program.command('keys').description('The keys under which records are encrypted')
  keys.command('status').description('Show versions, ages and changes under way').option('--json').action(status)
  const rotate = keys
    .command('rotate')
    .description('Change a key while people work; what was cut short goes on when it is run again')
  rotate
    .command('master')
    .description('Add a new master key and wrap the keys of all agencies under it')
    .option(...RESUME)
    .action((options: Options) => rotateTo({ kind: 'master' }, options))
  rotate
    .command('agency <key>')
    .description('Give an agency a new key and wrap the keys of its persons under it')
    .option(...RESUME)
    .action((agency: string, options: Options) => rotateTo({ kind: 'agency', agency }, options))
  rotate
    .command('person <code>')
    .description('Give a person a new key and seal all of their fields under it')
    .option(...RESUME)
    .action((person: string, options: Options) => rotateTo({ kind: 'person', person }, options))
  keys
    .command('drop <what> <version>')
    .description('Take a master key that nothing hangs on any more out of its file')
    .action(drop)
  keys
    .command('new-line')
    .description('Print a line for AMPARO_MASTER_KEY with a new version, where the key is kept in the environment')
    .action(newLine)
}

async function status(options: Options): Promise<void> {
  await withInstallation(async ({ ownerUrl }) => {
    const found = await keyStatus(ownerUrl)
    printResult(options.json === true ? found : inWords(found))
  })
}

async function rotateTo(target: RotationTarget, options: Options): Promise<void> {
  await withInstallation(async ({ ownerUrl }) => {
    try {
      const done = await rotateKey(ownerUrl, target, {
        resume: options.resume === true,
        onProgress: progressTeller(),
      })
      printResult(outcome(target, done))
    } finally {
      await closeWorker()
    }
  })
}

async function drop(what: string, typed: string): Promise<void> {
  const version = Number(typed)
  if (what !== 'master' || !Number.isInteger(version))
    throw new PlainSentence('Only a version of the master key is dropped by hand, such as: amparo keys drop master 1')
  await withInstallation(async ({ ownerUrl }) => {
    await dropMaster(ownerUrl, version)
    printResult(
      `Version ${String(version)} is out of ${settings.masterKeyFile}. Restart the application on every computer now; members sign in once more.`,
    )
  })
}

async function newLine(): Promise<void> {
  await withInstallation(() => {
    printResult(newMasterKeyLine(masterKeys().current.version + 1))
    return Promise.resolve()
  })
}

/** Tells how far it has come, at most once a second. */
function progressTeller(): (progress: RotationProgress) => void {
  let told = -Infinity
  return ({ done, total, state }) => {
    if (state === 'running' && performance.now() - told < 1000) return
    told = performance.now()
    tell(`${String(done)} of ${String(total)} moved`)
  }
}

function outcome(target: RotationTarget, { fromVersion, toVersion, total }: RotationProgress): string {
  const [from, to] = [String(fromVersion), String(toVersion)]
  switch (target.kind) {
    case 'master':
      return [
        `${String(total)} keys of agencies are wrapped under version ${to} of the master key.`,
        `Copy ${settings.masterKeyFile} to its safe place now: backups made from here on need version ${to}.`,
        `In an hour the old version may go: amparo keys drop master ${from}`,
      ].join('\n')
    case 'agency':
      return `The keys of ${String(total)} persons are wrapped under version ${to}. The application takes version ${from} away in an hour.`
    case 'person':
      return `Everything of this person is sealed under version ${to}. Version ${from} goes in an hour, unless a reason in the log stands under it.`
  }
}

function inWords({ master, agencies, rotations }: KeyStatus): string {
  const versions = master.known.map((version) => {
    const hanging = agencies.filter(({ masterVersion }) => masterVersion === version).length
    return `  version ${String(version)}: ${String(hanging)} keys of agencies${version === master.newest ? ', newest' : ''}`
  })
  const keys = agencies.map(
    ({ agency, purpose, version, masterVersion, createdAt, persons }) =>
      `  ${agency} ${purpose} version ${String(version)}, of ${createdAt.slice(0, 10)}, under master ${String(masterVersion)}${purpose === 'data' ? `, ${String(persons)} persons` : ''}`,
  )
  const changes = rotations.map(
    ({ kind, subject, fromVersion, toVersion, state, done, total, startedAt }) =>
      `  ${kind}${kind === 'master' ? '' : ` ${subject}`} ${String(fromVersion)} to ${String(toVersion)}: ${state}, ${String(done)} of ${String(total)}, begun ${startedAt}`,
  )
  return [
    'Master key',
    ...versions,
    'Keys of agencies',
    ...keys,
    'Changes',
    ...(changes.length > 0 ? changes : ['  none']),
  ].join('\n')
}
