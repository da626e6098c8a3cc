/** The address of a paragraph's page: 9 is /mandate/9, 6(b) is /mandate/6/b, 5(b)(ii) is /mandate/5/b/ii. */
export function paragraphHref(paragraph: string): string {
  return `/mandate/${paragraph.replaceAll('(', '/').replaceAll(')', '')}`
}
