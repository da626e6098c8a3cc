// @ts-check
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'

/** What an address is called that is none of ours. */
const NONE = '(none)'

/**
 * Names the page or endpoint that an address belongs to, as in `/cases/[code]`: what may be counted and logged, where the
 * address itself may not (requirement L06). Read from what was built; without a build every address has the same name.
 *
 * @param {string} folder
 * @returns {Promise<(url: string | undefined) => string>}
 */
export async function routeNames(folder) {
  /** @type {{ staticRoutes?: Route[], dynamicRoutes?: Route[] }} */
  const { staticRoutes = [], dynamicRoutes = [] } = JSON.parse(
    await readFile(join(folder, 'routes-manifest.json'), 'utf8').catch(() => '{}'),
  )
  const routes = [...staticRoutes, ...dynamicRoutes].map(({ page, regex }) => ({ page, regex: new RegExp(regex) }))
  return (url = '/') => {
    const [path = '/'] = url.split('?', 1)
    return routes.find(({ regex }) => regex.test(path))?.page ?? NONE
  }
}

/** @typedef {{ page: string, regex: string }} Route */
