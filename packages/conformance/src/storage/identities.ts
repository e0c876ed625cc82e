import { expect, test } from 'vitest'
import { accountOf, type Within } from './scene.ts'

/** What `IdentityRepository` promises. */
export function identityTests(within: Within): void {
  test(
    '[IDP-2] an account is found by its issuer and its subject, both of them',
    within(async ({ storage: { identities, accounts }, id }) => {
      const mei = { issuer: `https://${id}.example`, subject: 'u-1' }
      expect(await identities.find(mei)).toBeUndefined()
      const account = accountOf(`${id}-i1`)
      expect(await identities.create(mei, account)).toBe('created')
      expect(await identities.find(mei)).toMatchObject({ id: account.id, name: account.name, role: 'member' })
      expect(await identities.find({ ...mei, subject: 'U-1' })).toBeUndefined()
      expect(await identities.find({ ...mei, issuer: 'https://another.example' })).toBeUndefined()
      expect(await accounts.byNameKey(account.nameKey)).toMatchObject({ id: account.id })
    }),
  )

  test(
    '[IDP-2] an account and its identity are made both or neither, of those who ask at once once',
    within(async ({ storage: { identities, accounts }, id, mei }) => {
      const identity = { issuer: `https://${id}.example`, subject: 'u-2' }
      expect(await identities.create(identity, accountOf(`${id}-i2`, { nameKey: mei }))).toBe('name-taken')
      expect(await identities.find(identity)).toBeUndefined()
      const asked = ['a', 'b', 'c'].map((one) => identities.create(identity, accountOf(`${id}-i2${one}`)))
      expect((await Promise.all(asked)).toSorted()).toEqual(['created', 'exists', 'exists'])
      const found = await identities.find(identity)
      const made = await accounts.get(['a', 'b', 'c'].map((one) => `${id}-i2${one}`))
      expect(made.map((user) => user.id)).toEqual([found?.id])
    }),
  )
}
