'use server'

import { formAction } from '@/lib/forms/form-action'
import { changePreferences } from '@/lib/notifications/inbox-service'
import { preferencesInput } from '@/lib/notifications/schema'

export const changePreferencesAction = formAction(preferencesInput, changePreferences, {
  onOk: () => ({ to: '/profile/notices', flash: { message: 'notifications.preferences.saved' } }),
})
