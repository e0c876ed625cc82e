import { expect, test } from 'vitest'
import { LIMITS } from '../../src/protocol/limits.ts'
import { SUBPROTOCOL } from '../../src/protocol/subprotocol.ts'

test('[CONN-1] the subprotocol names the major version', () => {
  expect(SUBPROTOCOL).toBe('arclight.v1')
})

test('the limits are those that PROTOCOL.md names', () => {
  expect(LIMITS).toMatchObject({
    controlBytes: 65_536, // BAD-2
    mediaBytes: 1_048_576, // BAD-2
    messageText: 4_000, // SEND-3
    page: 100, // HIST-1, LOG-2
    pageDefault: 50, // HIST-1
    pendingRequests: 256, // MSG-8
    malformedFrames: 10, // BAD-1
    authenticationMs: 10_000, // CONN-3
    requestMs: 10_000, // MSG-7
    probeMediaMs: 50, // PROBE-2
    probeVoiceMs: 5_000, // PROBE-2
    probeIdleMs: 10_000, // PROBE-2
    gateSlackMs: 100, // GATE-1
    gateKeepMs: 100, // GATE-2
    ackMs: 100, // ACK-1
    recordings: 2, // REC-1
    recordingAbsenceMs: 30_000, // REC-4
    keptFramesMs: 30_000, // ACK-2
    keptFramesBytes: 16_777_216, // ACK-2
    linkMs: 600_000, // REC-7
    trackQuarantineMs: 60_000, // TRACK-3
  })
})

test('[BAD-2] the largest legal message fits a text frame, however it is escaped', () => {
  const request = { id: 2 ** 31, type: 'message.send', data: { channel: 'c'.repeat(64), clientId: 'i'.repeat(64) } }
  const text = JSON.stringify({ ...request, data: { ...request.data, text: '\u0001'.repeat(LIMITS.messageText) } })
  expect(new TextEncoder().encode(text).length).toBeLessThan(LIMITS.controlBytes)
})
