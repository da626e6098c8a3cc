import { buildApplication } from '@/scripts/build'
import { distFolder } from '@/scripts/dist-folder'
import { generateClient } from '@/scripts/generate'
import { Progress } from '@/scripts/progress'

/** Builds the application without starting it: for images and for machines that build what others run. */
export async function run(): Promise<number> {
  const progress = new Progress()
  await generateClient(() => progress.step("Making Prisma's client"))
  await buildApplication(distFolder(), () => progress.step('Building the application'))
  progress.done()
  return 0
}
