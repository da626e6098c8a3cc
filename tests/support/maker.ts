import { expect, type APIRequestContext } from '@playwright/test'

import { tokenOf } from './token'

/** Makes records over the API as a demonstration member, and gives their codes. */
export async function makerFor(
  request: APIRequestContext,
  email: string,
): Promise<(path: string, data: object) => Promise<string>> {
  const headers = { authorization: `Bearer ${await tokenOf(email)}` }
  return async (path, data) => {
    const answer = await request.post(`/api/v1/${path}`, { headers, data })
    expect(answer.status(), `${path} ${await answer.text()}`).toBe(201)
    return ((await answer.json()) as { code: string }).code
  }
}
