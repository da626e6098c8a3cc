'use client'

import type { ReactNode } from 'react'
import { cx } from '@/components/ui/class-names'
import { FieldGroup } from '@/components/ui/field'
import { useField } from '@/components/ui/form-context'

export type Category = 'legal' | 'psychological' | 'medical' | 'social' | 'residency' | 'reintegration'

export type CategoryChoice = {
  readonly key: Category
  readonly label: string
  readonly icon: ReactNode
  readonly types: readonly { readonly key: string; readonly label: string }[]
}

type CategoryTypeFieldsProps = {
  readonly categoryName?: string
  readonly typeName?: string
  readonly question: string
  readonly typeQuestion: string
  readonly categories: readonly CategoryChoice[]
  readonly focusFirst?: boolean
  readonly typeOptional?: boolean
}

/** Class names must stand in the code as a whole, so each category has its line. */
const SHOWN_FOR: Readonly<Record<Category, string>> = {
  legal: 'group-has-[[value=legal]:checked]/kind:block',
  psychological: 'group-has-[[value=psychological]:checked]/kind:block',
  medical: 'group-has-[[value=medical]:checked]/kind:block',
  social: 'group-has-[[value=social]:checked]/kind:block',
  residency: 'group-has-[[value=residency]:checked]/kind:block',
  reintegration: 'group-has-[[value=reintegration]:checked]/kind:block',
}

/**
 * Six tiles, then the types of the chosen one. All types are in the page; which set shows is CSS, so it works without a
 * script. The server checks the pair, since a type of another set may still be chosen. Digits 1 to 6 pick.
 */
export function CategoryTypeFields({
  categoryName = 'category',
  typeName = 'type',
  question,
  typeQuestion,
  categories,
  focusFirst,
  typeOptional,
}: CategoryTypeFieldsProps) {
  const category = useField(categoryName)
  const type = useField(typeName)
  return (
    <div className="group/kind grid gap-8">
      <FieldGroup field={category} label={question}>
        <div className="grid max-w-3xl gap-2 min-[22rem]:grid-cols-2 md:grid-cols-3">
          {categories.map((choice, index) => (
            <label key={choice.key} className="choice tile items-center">
              <input
                type="radio"
                id={index === 0 ? category.id : undefined}
                name={category.name}
                value={choice.key}
                defaultChecked={category.value === choice.key}
                // eslint-disable-next-line jsx-a11y/no-autofocus -- where the page asks one thing, its path is counted from here
                autoFocus={focusFirst === true && (category.value === '' ? index === 0 : category.value === choice.key)}
              />
              {choice.icon}
              <span className="min-w-0">{choice.label}</span>
            </label>
          ))}
        </div>
      </FieldGroup>
      {categories.map((choice) => (
        <div key={choice.key} className={cx('types-of-category hidden', SHOWN_FOR[choice.key])}>
          <FieldGroup field={type} label={typeQuestion} optional={typeOptional}>
            <div className="grid max-w-3xl gap-2 sm:grid-cols-2">
              {choice.types.map(({ key, label }, index) => (
                <label key={key} className="choice">
                  <input
                    type="radio"
                    id={index === 0 && category.value === choice.key ? type.id : undefined}
                    name={type.name}
                    value={key}
                    defaultChecked={type.value === key}
                  />
                  <span className="min-w-0">{label}</span>
                </label>
              ))}
            </div>
          </FieldGroup>
        </div>
      ))}
    </div>
  )
}
