import { readFileSync } from 'node:fs'
import { ERROR_CODES } from '@arclight/core'
import { expect, test } from 'vitest'
import { Refusal } from '../../src/refusal.ts'

test('PROTOCOL.md says of each error code whether it is retryable, as the server does', () => {
  const text = readFileSync(new URL('../../../../PROTOCOL.md', import.meta.url), 'utf8')
  for (const code of ERROR_CODES) {
    const retryable = new Refusal(code, 'no').body.retryable ? 'yes' : 'no'
    expect(text, code).toMatch(new RegExp(`^\\| \`${code}\` .*\\| ${retryable} +\\|$`, 'm'))
  }
})
