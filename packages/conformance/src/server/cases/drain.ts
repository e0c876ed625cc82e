import { CLOSE } from '@arclight/core/protocol'
import { checkEqual, checkThat } from '../../check.ts'
import { type ServerCase, serverCase } from '../server-case.ts'

const LATE_MS = 1_500
const UNDER_WAY = 100

/** A server that goes away: the run's last case. */
export const drainCases: readonly ServerCase[] = [
  serverCase(
    'DRAIN-1.goaway',
    'a server that goes away says so, answers what is under way and closes with 4000',
    { needs: ['stop'], pace: 'last', also: ['HTTP-1'] },
    async (context) => {
      const [busy, idle] = [await context.signIn(), await context.signIn()]
      const channel = context.text.id
      const ids = Array.from({ length: UNDER_WAY }, () => busy.post('history.page', { channel, limit: 1 }))
      await busy.reply(ids[0] as number)
      await context.target.options.stop?.()
      const from = performance.now()
      const { withinMs, spreadMs } = await idle.event('session.goaway')
      checkThat(withinMs > 0 && spreadMs >= 0, 'withinMs and spreadMs', { withinMs, spreadMs })
      const late = idle.post('channel.list', {})
      await busy.event('session.goaway')
      await busy.closedWith(CLOSE.restarting, withinMs + LATE_MS)
      await idle.closedWith(CLOSE.restarting, withinMs + LATE_MS)
      checkThat(
        performance.now() - from < withinMs + LATE_MS,
        `the close within ${withinMs} ms`,
        performance.now() - from,
      )
      for (const id of ids.slice(1)) {
        const reply = busy.texts.all.find(({ re }) => re === id)
        const refused = (reply?.['error'] as { code?: string } | undefined)?.code
        checkThat(
          reply !== undefined && (refused === undefined || refused === 'unavailable'),
          'each request to be answered',
          reply,
        )
      }
      const answer = idle.texts.all.find(({ re }) => re === late)
      const code = (answer?.['error'] as { code?: string } | undefined)?.code
      if (answer) checkEqual(code, 'unavailable', 'the answer to a request after session.goaway')
      const ready = await context.get('/readyz').then(
        ({ status }) => status,
        () => 503,
      )
      checkEqual(ready, 503, 'GET /readyz of a server that has gone away')
    },
  ),
]
