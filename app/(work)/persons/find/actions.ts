'use server'

import { formAction } from '@/lib/forms/form-action'
import { searchPersonInput } from '@/lib/people/schema'
import { keepSearch, pageOfCode } from '@/lib/people/search-service'

/** Keeps the text sealed and goes on to its address; a record's code goes straight to the record. */
export const findPersonAction = formAction(searchPersonInput, keepSearch, {
  onOk: (handle, { query }) => pageOfCode(query) ?? `/persons/find/${handle}`,
})
