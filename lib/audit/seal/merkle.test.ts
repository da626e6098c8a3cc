import { createHash } from 'node:crypto'

import fc from 'fast-check'
import { describe, expect, it } from 'vitest'

import { EMPTY_ROOT, Frontier, inclusionPath, leafOf, rootByPath } from './merkle'

/** The tree as RFC 6962 section 2.1 defines it, by recursion. */
function rootByDefinition(texts: readonly Buffer[]): Buffer {
  if (texts.length === 0) return createHash('sha256').digest()
  if (texts.length === 1) return hash(Buffer.of(0), texts[0])
  let half = 1
  while (half * 2 < texts.length) half *= 2
  return hash(Buffer.of(1), rootByDefinition(texts.slice(0, half)), rootByDefinition(texts.slice(half)))
}

function hash(...parts: readonly (Buffer | undefined)[]): Buffer {
  return createHash('sha256')
    .update(Buffer.concat(parts.map((part) => part ?? Buffer.alloc(0))))
    .digest()
}

function treeOf(texts: readonly string[]): Frontier {
  const tree = new Frontier()
  for (const text of texts) tree.append(leafOf(text))
  return tree
}

describe('the tree of the log', () => {
  it('L05: has the roots of RFC 6962, leaf by leaf, as its test vectors give them', () => {
    const inputs = ['', '00', '10', '2021', '3031', '40414243', '5051525354555657', '606162636465666768696a6b6c6d6e6f']
    const roots = [
      '6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d',
      'fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125',
      'aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77',
      'd37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7',
      '4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4',
      '76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef',
      'ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c',
      '5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328',
    ]
    const tree = new Frontier()
    expect(tree.root()).toEqual(EMPTY_ROOT)
    for (const [index, input] of inputs.entries()) {
      tree.append(
        createHash('sha256')
          .update(Buffer.from(`00${input}`, 'hex'))
          .digest(),
      )
      expect(tree.root().toString('hex')).toBe(roots[index])
    }
  })

  it('has the root that the definition gives, whatever the leaves, and goes on from its subtrees alone', () => {
    fc.assert(
      fc.property(fc.array(fc.string(), { maxLength: 70 }), fc.nat(70), (texts, cut) => {
        const early = treeOf(texts.slice(0, cut))
        const later = Frontier.from(early.size, early.peaks())
        for (const text of texts.slice(cut)) later.append(leafOf(text))
        expect(later.root()).toEqual(rootByDefinition(texts.map((text) => Buffer.from(text, 'utf8'))))
        expect(later.size).toBe(texts.length)
      }),
    )
  })

  it('refuses subtrees that are not those of its size', () => {
    expect(() => Frontier.from(3, treeOf(['a']).peaks())).toThrow('subtrees')
  })
})

describe('the path of one leaf', () => {
  const leaves = fc.array(fc.string(), { minLength: 1, maxLength: 70 }).map((texts) => texts.map(leafOf))

  it('leads to the root, whatever the tree was before, and from no other leaf, place or size', () => {
    fc.assert(
      fc.property(leaves, fc.nat(), fc.nat(), (all, before, which) => {
        const earlier = before % all.length
        const position = earlier + (which % (all.length - earlier))
        const tree = new Frontier()
        for (const leaf of all.slice(0, earlier)) tree.append(leaf)
        const start = Frontier.from(earlier, tree.peaks())
        const path = inclusionPath(start, all.slice(earlier), position)
        for (const leaf of all.slice(earlier)) tree.append(leaf)
        const leaf = all[position] ?? Buffer.alloc(0)
        expect(rootByPath(leaf, position, all.length, path)?.equals(tree.root())).toBe(true)
        expect(rootByPath(leafOf('another'), position, all.length, path)?.equals(tree.root())).toBe(false)
        expect(rootByPath(leaf, position, all.length, [...path, leaf])).toBeNull()
        expect(rootByPath(leaf, all.length, all.length, path)).toBeNull()
      }),
    )
  })
})
