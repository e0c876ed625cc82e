import { cpSync, mkdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { CHANNELS, Stage, type StormOptions } from './stage.ts'
import { type Verdict, verdictOf } from './verdict.ts'
import { Witness } from './witness.ts'

/** Part of the messages after which the older copy is taken, and after which the store is lost. */
const COPIED_AT = 0.15
const LOST_AT = 0.5
/** Up to where everybody writes on while there is no server. */
const WRITTEN_AT = 0.52

/** What the server comes back with after it was killed in mid-flow. */
export type Remains = 'nothing' | 'older copy'

/**
 * The store is lost under the feet of three clients: each handle says `reset`, and from there on every message of the
 * new log comes once, in order. Without accounts the clients are signed out, and register again.
 */
export async function lostStore(remains: Remains, options: StormOptions): Promise<Verdict> {
  const stage = new Stage(options)
  const copy = join(options.directory, 'copy')
  /** What was answered for, by channel, when the copy was taken. */
  const copied = new Map<string, number>()
  try {
    await stage.open()
    stage.post(LOST_AT)
    if (remains === 'older copy') {
      await stage.until(() => stage.settled >= options.messages * COPIED_AT)
      await stage.stop('SIGTERM')
      for (const channel of CHANNELS) copied.set(channel, stage.witness.acknowledged(channel))
      cpSync(stage.data, copy, { recursive: true })
      await stage.start()
    }
    await stage.until(() => stage.settled >= options.messages * (LOST_AT * 0.9))
    for (const one of stage.people) one.hold()
    const [before, after] = [stage.witness, new Witness()]
    const away = (): boolean => stage.people.every(({ client }) => client.state.name !== 'live')
    await stage.stop('SIGKILL')
    await stage.until(away)
    for (const one of stage.people) one.startAnew(after)
    stage.post(WRITTEN_AT)
    rmSync(stage.data, { recursive: true })
    if (remains === 'nothing') mkdirSync(stage.data)
    else cpSync(copy, stage.data, { recursive: true })
    await stage.start()
    if (remains === 'nothing') {
      await stage.until(() => stage.people.every(({ client }) => client.state.name === 'closed'))
      await stage.register()
    }
    // Whoever comes first could write the older copy past where the others stand, who could not tell it from theirs.
    await stage.until(() => stage.people.every(({ wasReset }) => wasReset))
    const deaf = stage.people.filter(({ wasReset }) => !wasReset).map(({ name }) => `${name} was not reset everywhere`)
    stage.post()
    const unsettled = await stage.settle()
    const logs = await stage.readLogs()
    const prior = before.survived(logs)
    const lost = [...copied].filter(([channel, head]) => (prior.get(channel) ?? 0) < head)
    const faults = [
      ...deaf,
      ...unsettled,
      ...lost.map(([channel, head]) => `${channel} came back with ${prior.get(channel)} of the ${head} entries copied`),
      ...before.judgeUnfinished(),
      ...after.judge({ logs, prior }),
    ]
    return verdictOf(stage, options, faults)
  } finally {
    await stage.close()
  }
}
