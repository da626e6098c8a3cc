import { releaseInstallation } from '@/lib/platform/boot/prepare'

/** Ends the parent process's use of the embedded database, and the database with it when nobody else uses it. */
export async function run(): Promise<number> {
  await releaseInstallation(process.ppid)
  return 0
}
