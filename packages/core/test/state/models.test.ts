import fc from 'fast-check'
import { expect, test } from 'vitest'
import { LIMITS } from '../../src/protocol/limits.ts'
import { FrameBuffer } from '../../src/state/frame-buffer.ts'
import { KeptMedia } from '../../src/state/kept-media.ts'
import { SendQueue } from '../../src/state/send-queue.ts'
import { Sequencer } from '../../src/state/sequencer.ts'

const RUNS = { numRuns: 1_500 }

test('[RES-2] whatever comes live, in pages and after resumes, a sequencer gives each entry once, in order', () => {
  const step = fc.oneof(
    { weight: 5, arbitrary: fc.record({ does: fc.constant('push' as const), seq: fc.integer({ min: 1, max: 40 }) }) },
    { weight: 2, arbitrary: fc.record({ does: fc.constant('page' as const), length: fc.integer({ min: 1, max: 8 }) }) },
    { weight: 1, arbitrary: fc.record({ does: fc.constant('learn' as const), head: fc.integer({ min: 0, max: 40 }) }) },
    {
      weight: 1,
      arbitrary: fc.record({ does: fc.constant('resume' as const), head: fc.integer({ min: 0, max: 40 }) }),
    },
    {
      weight: 1,
      arbitrary: fc.record({ does: fc.constant('resume other' as const), head: fc.integer({ min: 0, max: 40 }) }),
    },
  )
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 5 }), fc.array(step, { maxLength: 60 }), (start, steps) => {
      const sequencer = new Sequencer<{ seq: number }>({ epoch: 'e', seq: start })
      // The model: what came out last, what is there beyond it, how far the log is known to go.
      let last = start
      let held = new Set<number>()
      let head = start
      let epoch = 'e'
      const out: number[] = []
      const push = (seq: number): void => {
        head = Math.max(head, seq)
        if (seq > last) held.add(seq)
        const expected: number[] = []
        while (held.delete(last + 1)) expected.push(++last)
        const ready = sequencer.push({ seq }).map((entry) => entry.seq)
        expect(ready).toEqual(expected)
        out.push(...ready)
      }
      for (const one of steps) {
        if (one.does === 'push') push(one.seq)
        else if (one.does === 'page') for (let at = 0; at < one.length; at++) push(last + 1)
        else if (one.does === 'learn') {
          expect(sequencer.learn({ epoch, head: one.head })).toBe(true)
          head = Math.max(head, one.head)
        } else if (one.does === 'resume' && one.head >= last) {
          expect(sequencer.resume({ epoch, head: one.head })).toBe(true)
          head = one.head
          held = new Set([...held].filter((seq) => seq <= head))
        } else {
          const next = one.does === 'resume' ? epoch : `${epoch}'`
          expect(sequencer.resume({ epoch: next, head: one.head })).toBe(false)
          sequencer.reset({ epoch: next, seq: one.head })
          epoch = next
          last = head = one.head
          held.clear()
          out.length = 0
        }
        expect(sequencer.cursor).toEqual({ epoch, seq: last })
        expect(sequencer.behind).toBe(head > last)
      }
      expect(out).toEqual(Array.from({ length: out.length }, (_, at) => last - out.length + 1 + at))
    }),
    RUNS,
  )
})

test('[SEND-6][SEND-7] whatever is answered, refused and adopted, of a channel nothing overtakes what has not left', () => {
  const step = fc.oneof(
    { weight: 4, arbitrary: fc.record({ does: fc.constant('add' as const), channel: fc.constantFrom('a', 'b') }) },
    { weight: 1, arbitrary: fc.record({ does: fc.constant('adopt' as const), channel: fc.constantFrom('a', 'b') }) },
    { weight: 4, arbitrary: fc.record({ does: fc.constant('take' as const), most: fc.integer({ min: 0, max: 4 }) }) },
    { weight: 3, arbitrary: fc.record({ does: fc.constant('settle' as const), at: fc.nat(20) }) },
    { weight: 2, arbitrary: fc.record({ does: fc.constant('waiting' as const), at: fc.nat(20) }) },
    { weight: 2, arbitrary: fc.record({ does: fc.constant('retrying' as const), at: fc.nat(20) }) },
  )
  fc.assert(
    fc.property(fc.array(step, { maxLength: 80 }), (steps) => {
      const queue = new SendQueue<{ clientId: string; channel: string }>()
      let count = 0
      const known = new Set<string>()
      for (const one of steps) {
        const entries = queue.entries()
        if (one.does === 'add' || one.does === 'adopt') {
          const entry = { clientId: `${count++}`, channel: one.channel }
          known.add(entry.clientId)
          if (one.does === 'add') queue.add(entry)
          else queue.adopt([entry])
        } else if (one.does === 'take') {
          const before = entries.map((entry) => ({ ...entry, progress: queue.progressOf(entry.clientId) }))
          const leaving = queue.take(one.most)
          expect(leaving.length).toBeLessThanOrEqual(one.most)
          for (const { entry, after } of leaving) {
            const place = before.findIndex(({ clientId }) => clientId === entry.clientId)
            expect(before[place]?.progress).toBe('waiting')
            const earlier = before.slice(0, place).filter(({ channel }) => channel === entry.channel)
            expect(earlier.some(({ progress }) => progress === 'retrying')).toBe(false)
            for (const { clientId } of earlier) expect(queue.progressOf(clientId)).toBe('under-way')
            expect(after).toBe(earlier.at(-1)?.clientId)
            expect(queue.progressOf(entry.clientId)).toBe('under-way')
          }
        } else {
          const clientId = entries[one.at]?.clientId
          if (clientId === undefined) continue
          if (one.does === 'settle') {
            expect(queue.settle(clientId)?.clientId).toBe(clientId)
            expect(queue.settle(clientId)).toBeUndefined()
            known.delete(clientId)
          } else if (queue.progressOf(clientId) === 'under-way') queue.put(clientId, one.does)
        }
        expect(new Set(queue.entries().map((entry) => entry.clientId))).toEqual(known)
        expect(queue.size).toBe(known.size)
      }
      // Once nothing is refused any more everything leaves.
      for (const { clientId } of queue.entries())
        if (queue.progressOf(clientId) === 'retrying') queue.put(clientId, 'waiting')
      queue.take(Number.POSITIVE_INFINITY)
      expect(queue.entries().every(({ clientId }) => queue.progressOf(clientId) === 'under-way')).toBe(true)
    }),
    RUNS,
  )
})

test('[GATE-2] whatever the gate does, of each track what leaves is in order, fresh, and marked where some is lost', () => {
  const step = fc.record({
    does: fc.constantFrom(
      'keep' as const,
      'keep' as const,
      'keep' as const,
      'release' as const,
      'forget' as const,
      'end' as const,
    ),
    track: fc.integer({ min: 1, max: 3 }),
    wait: fc.integer({ min: 0, max: 60 }),
  })
  fc.assert(
    fc.property(fc.array(step, { maxLength: 80 }), (steps) => {
      const kept = new KeptMedia<{ track: number; number: number; at: number }>()
      let now = 0
      let count = 0
      /** Of each track, the number of each frame that was given and has neither left nor been told lost. */
      const given = new Map<number, number[]>()
      let left = 0
      let ended = 0
      for (const { does, track, wait } of steps) {
        now += wait
        if (does === 'keep') {
          const number = count++
          given.set(track, [...(given.get(track) ?? []), number])
          kept.keep({ track, number, at: now }, track, now)
        } else if (does === 'release') {
          for (const { frame, discontinuity } of kept.release(now)) {
            expect(now - frame.at).toBeLessThanOrEqual(LIMITS.gateKeepMs)
            const own = given.get(frame.track) ?? []
            const place = own.indexOf(frame.number)
            expect(place).toBeGreaterThanOrEqual(0)
            expect(discontinuity).toBe(place > 0)
            given.set(frame.track, own.slice(place + 1))
            left++
          }
          expect(kept.size).toBe(0)
        } else if (does === 'forget') kept.forget(track)
        else {
          kept.end(track)
          ended += given.get(track)?.length ?? 0
          given.delete(track)
        }
        const unaccounted = [...given.values()].reduce((sum, own) => sum + own.length, 0)
        expect(kept.dropped + left + kept.size).toBe(count)
        expect(unaccounted + left + ended).toBeLessThanOrEqual(count)
      }
    }),
    RUNS,
  )
})

test('[ACK-2] whatever is acknowledged, a buffer keeps the newest frames within its limits, and lists what it let go', () => {
  const limits = { duration: 1_000, bytes: 400 }
  const step = fc.oneof(
    {
      weight: 4,
      arbitrary: fc.record({
        bytes: fc.integer({ min: 1, max: 120 }),
        keyFrame: fc.boolean(),
        wait: fc.integer({ min: 0, max: 300 }),
      }),
    },
    { weight: 1, arbitrary: fc.record({ ack: fc.nat(12) }) },
  )
  fc.assert(
    fc.property(fc.array(step, { maxLength: 80 }), (steps) => {
      const buffer = new FrameBuffer(limits)
      let now = 0
      let next = 0
      let stored = -1
      for (const one of steps) {
        if ('ack' in one) {
          stored = Math.max(stored, Math.min(next - 1, stored + one.ack))
          buffer.ack(stored)
        } else {
          now += one.wait
          buffer.push({ seq: next++, bytes: new Uint8Array(one.bytes), keyFrame: one.keyFrame, at: now })
        }
        const frames = buffer.from(0)
        expect(buffer.bytes).toBe(frames.reduce((sum, { bytes }) => sum + bytes.length, 0))
        expect(frames.map(({ seq }) => seq)).toEqual(frames.map((_, at) => next - frames.length + at))
        // Each frame is kept, stored, or in a gap.
        const first = frames[0]?.seq ?? next
        for (let seq = 0; seq < first; seq++) {
          const isLost = buffer.gaps.some(({ from, to }) => from <= seq && seq <= to)
          if (seq > stored) expect(isLost, `frame ${seq} of ${next}, stored ${stored}`).toBe(true)
        }
        for (const { from, to } of buffer.gaps) expect(from).toBeLessThanOrEqual(to)
        for (const [at, gap] of buffer.gaps.entries()) {
          const before = buffer.gaps[at - 1]
          if (before) expect(gap.from).toBeGreaterThan(before.to)
        }
      }
    }),
    RUNS,
  )
})
