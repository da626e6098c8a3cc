import { rotateKey } from '@/lib/oversight/keys/operator-service'
import { rotationTarget } from '@/lib/oversight/keys/schema'

/** Changes a key in small steps and says how far it is: a process for tests to kill. */
const [ownerUrl = '', target = '', batch = '1'] = process.argv.slice(2)
await rotateKey(ownerUrl, rotationTarget.parse(JSON.parse(target)), {
  resume: false,
  batch: Number(batch),
  onProgress: ({ done }) => process.stdout.write(`${String(done)}\n`),
})
process.exit(0)
