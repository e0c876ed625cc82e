import { clientCases, runClientCases } from '@arclight/conformance/client'
import { beforeAll, describe, expect, test } from 'vitest'
import { nodeClient } from './conformance-driver.ts'

/** The long form takes the protocol's own times: probes of 10 s, waits of 15 s. */
const slow = process.env.ARCLIGHT_LONG === '1'

describe('the Node client passes the kit', () => {
  let results: Awaited<ReturnType<typeof runClientCases>>

  beforeAll(async () => {
    results = await runClientCases({ client: nodeClient(), slow })
  }, 400_000)

  for (const one of clientCases) {
    const title = `${one.rules.map((rule) => `[${rule}]`).join('')} ${one.id}: ${one.title}`
    const left = one.slow === true && !slow
    test.skipIf(left)(left ? `${title} (takes the protocol's own time: ARCLIGHT_LONG=1 runs it)` : title, () => {
      const { outcome, why } = results.find(({ id }) => id === one.id) ?? {}
      expect([outcome, why]).toEqual(['passed', undefined])
    })
  }
})
