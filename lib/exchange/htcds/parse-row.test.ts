import { describe, expect, it } from 'vitest'

import english from '@/lib/i18n/messages/en/people.json'
import chinese from '@/lib/i18n/messages/zh-Hans/people.json'

import { FIELDS, readHeader, type Columns } from './fields'
import { parseRow } from './parse-row'

const context = { today: '2026-11-24', country: 'KE' }

function parse(cells: Readonly<Record<string, string>>) {
  const columns: Columns = Object.keys(cells).map((header) => ({ header, ...readHeader(header) }))
  return parseRow(columns, Object.values(cells), context)
}

function read(cells: Readonly<Record<string, string>>) {
  const parsed = parse(cells)
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.issues))
  return parsed
}

describe('headers', () => {
  it('are known in both namings, in any case, and behind group names', () => {
    for (const header of [
      'prs_FirstName',
      'prs_First_Name',
      'PRS_FIRST_NAME',
      'prs first name',
      '\uFEFFprs_FirstName',
      'intake/prs_First_Name',
    ]) {
      expect(readHeader(header)).toMatchObject({ is: 'field', field: { name: 'prs_FirstName' } })
    }
    for (const { name } of FIELDS) expect(readHeader(name)).toMatchObject({ is: 'field', field: { name } })
    expect(readHeader('vic_Methods_of_Control')).toMatchObject({ field: { name: 'vic_MethodsOfControl' } })
    for (const header of ['id', 'record_id', '_uuid', 'Case ID', 'meta/instanceID'])
      expect(readHeader(header).is).toBe('id')
    for (const header of ['', 'Name', 'prs_Favourite', '_index']) expect(readHeader(header).is).toBe('unknown')
  })

  it('are known where a survey tool has spread one field over columns', () => {
    const parsed = read({
      'g/vic_Methods_of_Control/DebtBondage': '1',
      'g/vic_Methods_of_Control/TakesEarnings': '0',
      'g/vic_Methods_of_Control/FalsePromises': 'TRUE',
    })
    expect(parsed.row.case.means).toEqual(['DebtBondage', 'FalsePromises'])
  })
})

describe('a row', () => {
  it('becomes a registration and a case', () => {
    const { row, notices } = read({
      prs_FirstName: ' Amara ',
      prs_MiddleName: 'Joy',
      prs_SecondName: 'Adeyemi',
      prs_Birthdate: '31/01/1999',
      prs_Gender: 'feminine',
      prs_Citizenship: 'NGA|Turkey;00',
      prs_PrimaryLanguage: 'English',
      prs_SecondaryLanguage: 'yo',
      prs_MobilePhone: '0712 345 678',
      prs_HomePhone: '+254712345678',
      prs_IdentityNumber: 'A 123',
      prs_MailingCity: 'Kisumu',
      prs_MailingCountry: 'KE',
      vic_TraffickingStatus: 'ActualVictimOfTrafficking',
      vic_TraffickingStatusDecisionMakingOrg: 'Police',
      vic_RelationshipToTrafficker: 'Unaquainted',
      vic_MethodsOfControl: 'DebtBondage; Threats of law enforcement',
      vic_TypeOfExploitation: 'ForcedLabour',
      vic_ForcedLabourIndustry: 'Water supply; sewerage, waste management and remediation',
      cas_Status: 'FollowUp',
      cas_IncomingReferralDate: '2025-03-01',
      cco_CaseComment: 'one\r\ntwo',
      con_Consent: 'Yes',
      hte_Type: 'Transit',
      hte_Country: 'LBY',
      prs_MaritalStatus: 'Single',
    })
    expect(row.registration).toEqual({
      names: ['Amara Joy Adeyemi'],
      birthDate: '1999-01-31',
      birthYear: 1999,
      phones: ['+254712345678'],
      emails: [],
      documents: ['A 123'],
      addresses: [{ city: 'Kisumu', country: 'KE' }],
      gender: { state: 'stated', value: 'Feminine' },
      citizenships: { state: 'stated', value: ['NG', 'TR'] },
      languages: { state: 'stated', value: ['eng', 'yor'] },
    })
    expect(row.case).toMatchObject({
      status: 'follow_up',
      openedOn: '2025-03-01',
      identification: 'actual',
      identifiedBy: 'Police',
      dataUse: 'yes',
      acts: ['Transportation'],
      means: ['DebtBondage', 'ThreatsLawEnforcement'],
      purposes: ['ForcedLabour'],
      sectors: ['E_WaterSupplySewerageWasteManagement'],
      places: ['LY'],
      recruiterRelation: 'Stranger',
    })
    expect(row.texts).toEqual([{ field: 'cco_CaseComment', text: 'one\ntwo' }])
    expect(row.further).toEqual({ prs_MaritalStatus: ['Single'], hte_Type: ['Transit'] })
    expect(notices).toEqual([{ column: 'prs_Citizenship', reason: 'country_left_out' }])
  })

  it('loses no value of any field: each lands in a place, in the texts or in the rest', () => {
    for (const field of FIELDS.filter(({ deprecated }) => deprecated !== true)) {
      const cell = {
        text: 'zzz',
        long_text: 'zzz',
        date: '2024-05-06',
        birth_date: '2001-02-03',
        number: '7',
        checkbox: 'true',
        country: 'ER',
        countries: 'ER',
        language: 'tir',
        phone: '+254712345678',
        email: 'zzz@example.org',
        coordinate: '11.5',
        code: field.codes?.[0] ?? '',
        codes: field.codes?.[0] ?? '',
      }[field.kind]
      const before = JSON.stringify(read({ prs_Title: 'x' }).row)
      expect([
        field.name,
        JSON.stringify(read({ prs_Title: 'x', [field.name]: cell }).row) !== before ||
          ['vic_TraffickingStatus', 'cas_Status', 'prs_Title'].includes(field.name),
      ]).toEqual([field.name, true])
    }
  })

  it('tells not asked, unknown, declined and stated apart', () => {
    const gender = (cell: string) => read({ prs_FirstName: 'Amara', prs_Gender: cell }).row.registration.gender
    expect(gender('')).toEqual({ state: 'not_asked' })
    expect(gender('-99')).toEqual({ state: 'unknown' })
    expect(gender('Not Specified/Unknown')).toEqual({ state: 'unknown' })
    expect(gender('prefer not to say')).toEqual({ state: 'declined' })
    expect(gender('Transgender Masculine')).toEqual({ state: 'stated', value: 'TransgenderMasculine' })
  })

  it('gates nothing on identification: a row without it is open like any other', () => {
    expect(read({ prs_FirstName: 'Amara' }).row.case).toMatchObject({ identification: 'possible', status: 'active' })
    expect(read({ prs_FirstName: 'Amara', vic_TraffickingStatus: 'NotAVictimOfTrafficking' }).row.case.status).toBe(
      'active',
    )
  })

  it('names every fault of a row, with its column', () => {
    const parsed = parse({
      prs_First_Name: 'Amara',
      prs_Birthdate: '01/02/2003',
      prs_Citizenship: 'AN',
      vic_Methods_of_Control: 'Magic',
    })
    expect(parsed).toEqual({
      ok: false,
      issues: [
        { column: 'prs_Birthdate', reason: 'date_ambiguous' },
        { column: 'prs_Citizenship', reason: 'country_dissolved' },
        { column: 'vic_Methods_of_Control', reason: 'code_unknown' },
      ],
    })
  })

  it('takes dates that can mean one day only', () => {
    const date = (cell: string) => {
      const parsed = parse({ prs_FirstName: 'A', prs_Birthdate: cell })
      return parsed.ok
        ? (parsed.row.registration.birthDate ?? parsed.row.registration.birthYear)
        : parsed.issues[0]?.reason
    }
    expect(
      [
        '1999-12-31',
        '1999/12/31',
        '31.12.1999',
        '12/31/1999',
        '5 May 1990',
        'May 5, 1990',
        '07/07/1977',
        '1999-12-31T00:00:00Z',
        '٢٠٠١-٠٢-٠٣',
      ].map(date),
    ).toEqual([
      '1999-12-31',
      '1999-12-31',
      '1999-12-31',
      '1999-12-31',
      '1990-05-05',
      '1990-05-05',
      '1977-07-07',
      '1999-12-31',
      '2001-02-03',
    ])
    expect(['2001', '1988-07'].map(date)).toEqual([2001, 1988])
    expect(
      [
        '03/04/1999',
        '1/2/99',
        '1999-02-29',
        '31/31/1999',
        '1999-13',
        '36526',
        '2026-11-25',
        '2027',
        '1899',
        'soon',
      ].map(date),
    ).toEqual([
      'date_ambiguous',
      'date_ambiguous',
      'date_invalid',
      'date_invalid',
      'date_invalid',
      'date_invalid',
      'date_in_future',
      'date_in_future',
      'date_too_old',
      'date_invalid',
    ])
  })

  it('writes Chinese and Korean names family name first', () => {
    expect(read({ prs_FirstName: '晓云', prs_SecondName: '李' }).row.registration.names).toEqual(['李晓云'])
    expect(read({ prs_FirstName: '수진', prs_SecondName: '이' }).row.registration.names).toEqual(['이수진'])
    expect(read({ prs_FirstName: 'Lan', prs_SecondName: 'Nguyễn' }).row.registration.names).toEqual(['Lan Nguyễn'])
  })

  it('keeps a local phone number as digits, and says so', () => {
    const columns: Columns = ['prs_FirstName', 'prs_MobilePhone'].map((header) => ({ header, ...readHeader(header) }))
    const parsed = parseRow(columns, ['Amara', '0712 345 678'], { today: '2026-11-24' })
    expect(parsed).toMatchObject({
      ok: true,
      row: { registration: { phones: ['0712345678'] } },
      notices: [{ column: 'prs_MobilePhone', reason: 'phone_without_country' }],
    })
  })

  it('has words for every reason in both languages', () => {
    const reasons =
      'date_ambiguous date_invalid date_in_future date_too_old code_unknown country_unknown country_dissolved language_unknown phone_invalid email_invalid number_invalid checkbox_invalid coordinate_invalid too_long bad_encoding nothing_to_import too_few_cells too_many_cells id_repeated row_repeated country_left_out phone_without_country birth_month_left_out deprecated_left_out no_header repeated_column empty_file not_csv not_text value_not_accepted row_not_stored quote_not_closed'
    for (const messages of [english, chinese])
      expect(Object.keys(messages.import).sort()).toEqual(reasons.split(' ').sort())
  })
})
