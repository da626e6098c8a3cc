/**
 * Takes what a page shows out of it, and the data with which it came: taken out, not covered, so that nothing may be read
 * behind a curtain or with the inspector.
 */
export function takeContentAway(): void {
  document.querySelectorAll('main > *, header form[role="search"], [data-menu], script:not([src])').forEach((part) => {
    part.remove()
  })
}
