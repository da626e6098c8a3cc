/** What a shortened network address says by itself: this computer, or a local network that many have numbers alike of. */
type NetworkPlace = 'computer' | 'local'

const COMPUTER = /^(?:127\.|0:0:0::)/
const LOCAL = /^(?:10\.|192\.168\.|172\.(?:1[6-9]|2\d|3[01])\.|169\.254\.|f[cd][0-9a-f]{2}:|fe[89ab][0-9a-f]:)/

/** Where a network prefix is when its numbers tell nobody: null for one of the internet, which stays as it is. */
export function placeOfNetwork(prefix: string): NetworkPlace | null {
  if (COMPUTER.test(prefix)) return 'computer'
  return LOCAL.test(prefix) ? 'local' : null
}
