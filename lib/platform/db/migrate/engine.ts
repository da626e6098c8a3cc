import { readFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { createRequire } from 'node:module'
import { bindMigrationAwareSqlAdapterFactory } from '@prisma/driver-adapter-utils'
import * as bindings from '@prisma/schema-engine-wasm/schema_engine_bg'
import type { MigrationAdapter } from '@/lib/platform/db/migrate/adapter'

export type SchemaFile = { readonly path: string; readonly content: string }

export type SchemaEngine = bindings.SchemaEngine

const require = createRequire(import.meta.url)
// On globalThis, because this module may be loaded twice in a process (test runners do) but Prisma's package only once,
// and a second instance put into it would pull the memory away from under the first.
const shared = globalThis as typeof globalThis & { amparoSchemaEngine?: Promise<void> }

/**
 * Opens Prisma's schema engine (the one behind `prisma migrate`, in WebAssembly) on the database of `adapter`.
 * `schema` is needed for comparisons only.
 */
export async function openSchemaEngine(
  adapter: MigrationAdapter,
  schema: readonly SchemaFile[] = [],
): Promise<SchemaEngine> {
  await (shared.amparoSchemaEngine ??= loadWebAssembly())
  const files = schema.map((file): [string, string] => [file.path, file.content])
  const datamodels = files.length === 0 ? undefined : files
  return bindings.SchemaEngine.new({ datamodels }, () => undefined, bindMigrationAwareSqlAdapterFactory(adapter))
}

/** The package's own entry imports the .wasm file as a module, which Node 20 can't do; this does the same by hand. */
async function loadWebAssembly(): Promise<void> {
  const folder = dirname(require.resolve('@prisma/schema-engine-wasm/schema_engine_bg'))
  const code = await readFile(join(folder, 'schema_engine_bg.wasm'))
  const { instance } = await WebAssembly.instantiate(code, {
    './schema_engine_bg.js': bindings as unknown as WebAssembly.ModuleImports,
  })
  // Where the engine says why it gives up; without it, the reason is lost in an error about a missing object.
  Object.assign(globalThis, { PRISMA_WASM_PANIC_REGISTRY: { set_message: rememberPanic } })
  const exported = instance.exports as WebAssembly.Exports & { __wbindgen_start(): void }
  setWebAssembly(exported)
  exported.__wbindgen_start()
}

function rememberPanic(reason: string): never {
  throw new Error(`Prisma's schema engine gave up: ${reason}`)
}

function setWebAssembly(exported: WebAssembly.Exports): void {
  // Written by wasm-bindgen into the package's JavaScript, but not into its types.
  const { __wbg_set_wasm } = bindings as unknown as { readonly __wbg_set_wasm: (exported: WebAssembly.Exports) => void }
  __wbg_set_wasm(exported)
}
