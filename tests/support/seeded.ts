import fc from 'fast-check'

// The usual run draws the same cases every time, so that a red one means a change; the full run draws new ones.
if (process.env['AMPARO_FULL'] !== '1') fc.configureGlobal({ ...fc.readConfigureGlobal(), seed: 58_137 })

// A process runs one test file after the other: none finds settings that another one left.
const shared = globalThis as typeof globalThis & { amparoTestEnvironment?: NodeJS.ProcessEnv }
shared.amparoTestEnvironment ??= { ...process.env }
for (const name of Object.keys(process.env)) {
  const given = shared.amparoTestEnvironment[name]
  // eslint-disable-next-line @typescript-eslint/no-dynamic-delete -- a setting that was not given is none
  if (given === undefined) delete process.env[name]
  else process.env[name] = given
}
