import { createHash, generateKeyPairSync } from 'node:crypto'
import { createReadStream, createWriteStream } from 'node:fs'
import { mkdtemp, rm, stat } from 'node:fs/promises'
import { once } from 'node:events'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import { Frontier, leafOf } from '@/lib/audit/seal/merkle'
import { hashOfNote, rawKeyOf, signCheckpoint, verifierOf, type Sealer } from '@/lib/audit/seal/note'
import { verifyExport } from '@/lib/audit/verify/export-file'

const EVENTS = 500_000
const UNDER_ONE_CHECKPOINT = 5_000

/** How fast an export is verified, and how fast the bare bytes of the same file are hashed in the same run. */
export type VerifyMeasured = {
  readonly events: number
  readonly megabytes: number
  readonly eventsPerSecond: number
  readonly rawEventsPerSecond: number
  /** The same by the time that this process had a core, where others share the computer. */
  readonly eventsPerCoreSecond: number
}

/** Makes an export of half a million events, of the size that real ones have, and verifies it. */
export async function measureVerification(tell: (what: string) => void): Promise<VerifyMeasured> {
  const folder = await mkdtemp(join(tmpdir(), 'amparo-verify-'))
  try {
    const file = join(folder, 'log.jsonl')
    tell(`Making an export of ${EVENTS.toLocaleString('en')} events`)
    const sealer = await writeExport(file)
    const { size } = await stat(file)
    tell('Hashing its bytes')
    const raw = await timed(() => hashFile(file))
    tell('Verifying it')
    const verified = await timed(async () => {
      const { fault, size: sealed } = await verifyExport(file, { verifiers: [sealer], held: [] })
      if (fault !== null || sealed !== EVENTS) throw new Error('The export that was made does not hold')
    })
    return {
      events: EVENTS,
      megabytes: Math.round(size / 1e6),
      eventsPerSecond: Math.round(EVENTS / verified.seconds),
      rawEventsPerSecond: Math.round(EVENTS / raw.seconds),
      eventsPerCoreSecond: Math.round(EVENTS / verified.coreSeconds),
    }
  } finally {
    await rm(folder, { recursive: true })
  }
}

async function writeExport(file: string): Promise<Sealer> {
  const { privateKey, publicKey } = generateKeyPairSync('ed25519')
  const sealer = { ...verifierOf(rawKeyOf(publicKey)), privateKey }
  const stream = createWriteStream(file)
  const tree = new Frontier()
  stream.write('["amparo audit export",1]\n')
  let previous: Buffer | null = null
  for (let n = 0; n < EVENTS;) {
    const leaves: Buffer[] = []
    let lines = ''
    for (const end = n + UNDER_ONE_CHECKPOINT; n < end; n += 1) {
      const text = eventText(n)
      const leaf = leafOf(text)
      tree.append(leaf)
      leaves.push(leaf)
      lines += `${text}\n`
    }
    const checkpoint = { size: tree.size, root: tree.root(), epoch: 1, at: '2026-11-25T06:00:00.000Z', previous }
    const note = signCheckpoint(sealer, checkpoint)
    previous = hashOfNote(note)
    lines += `${JSON.stringify([note, Buffer.concat(leaves).toString('base64')])}\n`
    if (!stream.write(lines)) await once(stream, 'drain')
  }
  stream.end()
  await once(stream, 'finish')
  return sealer
}

/** As long as the event of a look at a case is. */
function eventText(n: number): string {
  const id = `0199${n.toString(16).padStart(4, '0').slice(-4)}-7a3e-7000-8000-${n.toString(16).padStart(12, '0')}`
  return `{"at": "2026-11-25T06:00:00.000000Z", "id": ${String(n)}, "case": "${id}", "code": "EVT-7K3MQ2XH4", "txid": ${String(n)}, "type": "case.viewed", "actor": "${id}", "roles": ["caseworker"], "action": "read", "agency": "${id}", "fields": [], "holder": "${id}", "person": "${id}", "network": "10.0.0.0/24", "outcome": "success", "request": "${id}", "session": "session:a1b2c3d4e5f6", "subject": "CAS-7K3MQ2XH4", "strength": 2}`
}

async function hashFile(file: string): Promise<void> {
  const hash = createHash('sha256')
  for await (const chunk of createReadStream(file, { highWaterMark: 4 * 2 ** 20 }) as AsyncIterable<Buffer>)
    hash.update(chunk)
  hash.digest()
}

async function timed(work: () => Promise<void>): Promise<{ seconds: number; coreSeconds: number }> {
  const [begun, cpu] = [performance.now(), process.cpuUsage()]
  await work()
  const { user, system } = process.cpuUsage(cpu)
  return { seconds: (performance.now() - begun) / 1000, coreSeconds: (user + system) / 1e6 }
}

/** The result for people. */
export function verifyLine({
  events,
  megabytes,
  eventsPerSecond,
  rawEventsPerSecond,
  eventsPerCoreSecond,
}: VerifyMeasured): string {
  const [count, verified, raw, core] = [events, eventsPerSecond, rawEventsPerSecond, eventsPerCoreSecond].map((n) =>
    n.toLocaleString('en'),
  )
  return `An export of ${String(count)} events (${String(megabytes)} MB) is verified at ${String(verified)} events a second (${String(core)} for each second of a core); its bare bytes are hashed at ${String(raw)}.\n`
}
