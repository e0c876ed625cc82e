import { randomUUID } from 'node:crypto'
import { readFileSync } from 'node:fs'

/** Where the start time is not to be had, a process is told by its number alone. */
const NO_START = '0'
/** `starttime` in /proc/<pid>/stat (proc(5), field 22), counted from behind the program's name in brackets. */
const START_FIELD = 19

const own = new Set<string>()

/** A name that nobody else has, and by which every process can tell whether its owner lives. */
export function createOwner(): string {
  const owner = `${process.pid}-${startOf(process.pid) ?? NO_START}-${randomUUID().slice(0, 8)}`
  own.add(owner)
  return owner
}

export function endOwner(owner: string): void {
  own.delete(owner)
}

/** Whether whoever took this name still lives. A number that another process got since is not it, where that can be seen. */
export function lives(owner: string): boolean {
  const [pid = '', start] = owner.split('-')
  if (Number(pid) === process.pid) return own.has(owner)
  if (!exists(Number(pid))) return false
  return start === NO_START || startOf(Number(pid)) === start
}

function exists(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM'
  }
}

function startOf(pid: number): string | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8')
    return stat.slice(stat.lastIndexOf(')') + 2).split(' ')[START_FIELD]
  } catch {
    return undefined
  }
}
