import { describe, expect, it } from 'vitest'
import { ICON_NAMES, iconShape } from './icon-shapes'

describe('icons', () => {
  it.each(ICON_NAMES)('%s has a drawing', (name) => {
    expect(iconShape(name).length).toBeGreaterThan(0)
  })
})
