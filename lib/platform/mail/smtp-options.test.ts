import { describe, expect, it } from 'vitest'

import { smtpOptions } from './smtp-options'

describe('the way to a mail server', () => {
  it('demands TLS of every server but this computer and one that the operator excused', () => {
    expect(smtpOptions('smtp://mail.example.org', 60)).toMatchObject({ secure: false, requireTLS: true, port: 587 })
    expect(smtpOptions('smtp://127.0.0.1:2525', 60)).toMatchObject({ requireTLS: false, port: 2525 })
    expect(smtpOptions('smtp://relay:25?tls=no', 60)).toMatchObject({ requireTLS: false, port: 25 })
    expect(smtpOptions('smtps://mail.example.org', 60)).toMatchObject({ secure: true, port: 465 })
  })

  it('takes user and password from the URL', () => {
    expect(smtpOptions('smtps://a%40b:p%3Aw@mail.example.org', 60).auth).toEqual({ user: 'a@b', pass: 'p:w' })
    expect(smtpOptions('smtps://mail.example.org', 60)).not.toHaveProperty('auth')
  })
})
