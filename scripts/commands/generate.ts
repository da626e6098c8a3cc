import { generateClient } from '@/scripts/generate'

/** Makes Prisma's client anew when the schema changed. */
export async function run(): Promise<number> {
  await generateClient(() => process.stderr.write("Making Prisma's client …\n"))
  return 0
}
