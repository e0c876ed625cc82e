import { now, until } from './monotonic.mjs'

/**
 * This process's share of one core between two times: 1 is a whole core. Divides by the time that really passed, as a
 * saturated process comes late to both ends.
 * @param {number} start
 * @param {number} end
 */
export async function cpuShare(start, end) {
  await until(start)
  const began = now()
  const before = process.cpuUsage()
  await until(end)
  const { user, system } = process.cpuUsage(before)
  return (user + system) / 1000 / (now() - began)
}
