import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'

// Read rather than imported: the package's modules pull in React's client side, which these tests don't have.
const icons = [...readFileSync('components/ui/icon-shapes.ts', 'utf8').matchAll(/'lucide-react\/icons\/([\w-]+)'/g)]

describe('icons', () => {
  it('are found at all', () => {
    expect(icons.length).toBeGreaterThan(40)
  })

  it.each(icons.map(([, name = '']) => name))('%s is a drawing and not another name for one', (name) => {
    expect(readFileSync(`node_modules/lucide-react/dist/esm/icons/${name}.mjs`, 'utf8')).toContain(
      'export { __iconData',
    )
  })
})
