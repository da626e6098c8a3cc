import type { ReactNode } from 'react'
import { buttonClass, type ButtonTone } from './button-class'
import { Icon, type IconName } from './icon'
import { AppLink } from './link'

type Look = {
  readonly tone?: ButtonTone
  readonly size?: 'md' | 'sm'
  readonly icon?: IconName
  readonly children: ReactNode
  /** The whole name, where the words alone don't say which: "Log a service for AMP-7K3MQ2XH4". */
  readonly 'aria-label'?: string | undefined
}

type ButtonProps = Look & {
  readonly type?: 'submit' | 'button'
  readonly name?: string
  readonly value?: string
  readonly form?: string
}

/** A native button, for forms of one press that need no state: `<form method="post">`. */
export function Button({ tone = 'secondary', size = 'md', icon, children, type = 'submit', ...rest }: ButtonProps) {
  return (
    <button type={type} className={buttonClass(tone, size)} {...rest}>
      {icon === undefined ? null : <Icon name={icon} size={size === 'sm' ? 'sm' : 'md'} />}
      {children}
    </button>
  )
}

type LinkButtonProps = Look & { readonly href: string }

/** A link that looks like a button, because what it leads to is an act. */
export function LinkButton({ tone = 'secondary', size = 'md', icon, children, href, ...rest }: LinkButtonProps) {
  return (
    <AppLink href={href} className={buttonClass(tone, size)} {...rest}>
      {icon === undefined ? null : <Icon name={icon} size={size === 'sm' ? 'sm' : 'md'} />}
      {children}
    </AppLink>
  )
}
