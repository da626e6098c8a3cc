/** Where the built application is; tests have one of their own beside a running application. */
export function distFolder(): string {
  return process.env['AMPARO_DIST_DIR'] ?? '.next'
}
