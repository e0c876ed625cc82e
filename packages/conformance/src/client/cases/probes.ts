import { MediaFlag } from '@arclight/core/codec'
import { LIMITS } from '@arclight/core/protocol'
import { type ClientCase, must, same } from '../case.ts'

const SLACK_MS = 1_500

export const probeCases: readonly ClientCase[] = [
  {
    id: 'answers-probes',
    rules: ['PROBE-1', 'MEDIA-1'],
    title: 'each probe is answered once, with its seq and the echo flag, by the client’s own clock',
    run: async (client, server) => {
      await client.login()
      const { connection } = server
      const answers = [await connection.probe(), await connection.probe(), await connection.probe()]
      await connection.settled()
      same('answers', connection.echoes.length, 6)
      for (const { flags } of answers) same('flags', flags, MediaFlag.echo)
      const [first, , last] = answers
      const passed = ((last?.timestamp ?? 0) - (first?.timestamp ?? 0)) / 1_000
      const took = (last?.at ?? 0) - (first?.at ?? 0)
      must(passed >= 0 && passed <= took + 50, `timestamps of one clock: ${passed} ms in ${took} ms`)
    },
  },
  {
    id: 'probes-every-10-s',
    rules: ['PROBE-2'],
    title: 'the client probes every 10 s',
    slow: true,
    run: async (client, server, changes) => {
      await client.login()
      const { connection } = server
      const since = connection.openedAt
      await changes.until(
        'two probes',
        () => connection.probes.filter(({ at }) => at > since + 1_000).length >= 2 || undefined,
      )
      const ats = [since, ...connection.probes.map(({ at }) => at)]
      for (const [index, at] of ats.slice(1).entries()) {
        must(
          at - (ats[index] ?? at) <= LIMITS.probeIdleMs + SLACK_MS,
          `a probe each 10 s, waited ${at - (ats[index] ?? at)} ms`,
        )
      }
    },
  },
  {
    id: 'probes-every-5-s-in-voice',
    rules: ['PROBE-2'],
    title: 'in voice the client probes every 5 s',
    needs: ['voice'],
    slow: true,
    run: async (client, server, changes) => {
      await client.login()
      await client.voice.join('lounge')
      const since = performance.now()
      const probes = await changes.until('three probes', () => {
        const later = server.connection.probes.filter(({ at }) => at > since)
        return later.length >= 3 ? later : undefined
      })
      const took = (probes[2]?.at ?? 0) - since
      must(took <= 3 * LIMITS.probeVoiceMs + SLACK_MS, `three probes in 15 s, they took ${Math.round(took)} ms`)
    },
  },
  {
    id: 'leaves-a-dead-connection',
    rules: ['PROBE-3'],
    title: 'a connection on which two probes in a row got no answer is left, and replaced',
    slow: true,
    run: async (client, server, changes) => {
      await client.start('general')
      const dead = server.connection
      server.misbehave('no-probe-answer')
      const since = performance.now()
      const closed = await changes.until('the dead connection to be left', () => dead.closed)
      const lived = closed.at - since
      must(lived >= LIMITS.probeIdleMs - SLACK_MS, `two probes to have their time, left after ${Math.round(lived)} ms`)
      must(lived <= 4 * LIMITS.probeIdleMs, `the connection to be left within 40 s, left after ${Math.round(lived)} ms`)
      server.answersProbes = true
      server.post('general', ['missed'])
      await client.gets('missed')
    },
  },
  {
    id: 'leaves-a-server-that-stops-reading',
    rules: ['PROBE-3'],
    title: 'a server that takes nothing any more is left like one that is dead',
    slow: true,
    run: async (client, server) => {
      await client.start('general')
      server.misbehave('stops-reading')
      await server.connected(2)
      server.post('general', ['back'])
      await client.gets('back')
    },
  },
  {
    id: 'looks-when-woken',
    rules: ['PROBE-4'],
    title: 'woken, the client probes at once, and replaces a connection that does not answer within 5 s',
    needs: ['wake'],
    run: async (client, server, changes) => {
      await client.start('general')
      const { connection } = server
      await connection.settled()
      server.misbehave('no-probe-answer')
      const before = connection.probes.length
      const woken = performance.now()
      await client.wake()
      const probe = await changes.until('a probe', () => connection.probes[before])
      must(probe.at - woken < SLACK_MS, `a probe at once, it came after ${Math.round(probe.at - woken)} ms`)
      const closed = await changes.until('the connection to be left', () => connection.closed)
      // From before the client could know: a busy machine may bring the probe late, and the end later.
      const took = closed.at - woken
      must(took >= 4_900 && took <= 5_000 + 2 * SLACK_MS, `5 s of patience, got ${Math.round(took)} ms`)
      server.answersProbes = true
      await server.connected(2)
    },
  },
  {
    id: 'woken-it-waits-no-longer',
    rules: ['PROBE-4'],
    title: 'woken while it waits to connect, the client tries at once; an answered probe changes nothing',
    needs: ['wake'],
    run: async (client, server, changes) => {
      await client.start('general')
      await client.wake()
      await server.connection.settled()
      same('connections', server.connections.length, 1)
      server.misbehave('refuses-upgrades')
      server.connection.cut()
      for (let attempt = 1; attempt <= 6; attempt++) {
        await client.reaches('waiting', attempt)
        const woken = performance.now()
        await client.wake()
        const at = await changes.until(`attempt ${attempt}`, () => server.refusals[attempt - 1])
        must(at - woken < SLACK_MS, `an attempt at once, it came after ${Math.round(at - woken)} ms`)
      }
    },
  },
]
