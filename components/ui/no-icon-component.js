/** Stands in for what makes lucide's components: see next.config.js. */
export default function createNoComponent() {
  return null
}
