'use server'

import { formAction } from '@/lib/forms/form-action'
import { readAllNotices, readNotice } from '@/lib/notifications/inbox-service'
import { noticeInput, readAllInput } from '@/lib/notifications/schema'

/** Marks a notice as read and opens what it is about. */
export const openNoticeAction = formAction(noticeInput, readNotice, {
  onOk: ({ href }) => href ?? { to: '/inbox', flash: { message: 'notifications.inbox.read_done' } },
})

/** Marks all that the page showed, and older ones, as read. */
export const readAllAction = formAction(readAllInput, readAllNotices, {
  onOk: () => ({ to: '/inbox', flash: { message: 'notifications.inbox.read_all_done' } }),
})
