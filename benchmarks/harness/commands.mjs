/** What every child answers. */
const COMMON = {
  /** Milliseconds of CPU that the process has used, all its threads. */
  cpuUsed() {
    const { user, system } = process.cpuUsage()
    return (user + system) / 1000
  },
}

/**
 * The child's side of `child.mjs`: runs each command that the parent sends and answers it. Ends with the parent,
 * however that ends.
 * @param {Record<string, (args: any) => unknown>} commands
 */
export function serveCommands(commands) {
  /** @type {Record<string, (args: any) => unknown>} */
  const all = { ...COMMON, ...commands }
  process.on('message', async (/** @type {{ id: number, name: string, args: unknown }} */ { id, name, args }) => {
    try {
      process.send?.({ id, result: await all[name](args) })
    } catch (error) {
      process.send?.({ id, error: error instanceof Error ? error.stack : String(error) })
    }
  })
  process.on('disconnect', () => process.exit())
}
