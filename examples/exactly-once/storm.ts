import { Stage, type StormOptions } from './stage.ts'
import { type Verdict, verdictOf } from './verdict.ts'

/** Cuts all the way: every message once, in order. */
export async function cuts(options: StormOptions): Promise<Verdict> {
  return through(options, async () => {})
}

/** The same with a graceful restart at a third and a SIGKILL at two thirds. */
export async function storm(options: StormOptions): Promise<Verdict> {
  return through(options, async (stage) => {
    await stage.until(() => stage.settled >= options.messages / 3)
    await stage.stop('SIGTERM')
    await stage.start()
    await stage.until(() => stage.settled >= (options.messages * 2) / 3)
    await stage.stop('SIGKILL')
    await stage.start()
  })
}

async function through(options: StormOptions, befalls: (stage: Stage) => Promise<void>): Promise<Verdict> {
  const stage = new Stage(options)
  try {
    await stage.open()
    stage.post()
    await befalls(stage)
    const unsettled = await stage.settle()
    const faults = stage.witness.judge({ logs: await stage.readLogs() })
    return verdictOf(stage, options, [...unsettled, ...faults])
  } finally {
    await stage.close()
  }
}
