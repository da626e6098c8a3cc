/** Where the record that a code names is shown. A code tells its kind by its first three letters. */
const PLACES: Readonly<Record<string, string>> = {
  CAS: '/cases/',
  TSK: '/tasks/',
  AMP: '/persons/',
  EMG: '/emergency-access/',
  AGR: '/agreements/',
  REF: '/referrals/',
  ARV: '/admin/access-review/',
  RRV: '/admin/role-reviews/',
  NED: '/search/',
  SVC: '/search/',
  CON: '/search/',
  EXC: '/desk/exceptions/',
  FND: '/findings/',
  CPL: '/oversight/complaints/',
}

/** The page of what a notice is about, or null when none has one. Whether the reader may see it, the page decides. */
export function pageOfSubject(subject: string | null): string | null {
  if (subject === null) return null
  const place = PLACES[subject.slice(0, 3)]
  return place === undefined ? null : `${place}${subject}`
}
